package dev.berth.hardening.input;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.FieldError;
import dev.berth.api.schema.KindSchema;
import dev.berth.api.schema.Schemas;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sends a number of damaged requests to a server, one after the other, and judges each answer and
/// what is stored after it.
public final class Storm implements AutoCloseable {
  private static final int ENOUGH = 20;
  private static final int WATCHES = 20;

  private record Open(int number, Sent sent, CompletableFuture<HttpResponse<byte[]>> answer) {}

  private final Samples samples = new Samples();
  private final Api api;
  private final Requests requests;
  private final List<String> found = new ArrayList<>();
  private final Map<String, Integer> answers = new TreeMap<>();
  private final Deque<Open> watches = new ArrayDeque<>();

  /// What was judged already, by uid and revision.
  private final Set<String> judged = new HashSet<>();

  /// @param server where the API is
  /// @param tls with the certificate of an administrator
  public Storm(URI server, SSLContext tls, long seed) throws IOException {
    this.api = new Api(server, tls);
    this.requests = new Requests(new Random(seed), samples, api);
  }

  /// What was wrong, each with the request that shows it; at most twenty.
  public List<String> found() {
    return List.copyOf(found);
  }

  /// How often which verb was answered with which hundred.
  public Map<String, Integer> answers() {
    return Map.copyOf(answers);
  }

  /// Every sample is right as it is, else the run proves little.
  public void checkSamples() throws IOException, InterruptedException {
    api.post(Samples.DEFINITIONS, samples.definitionOfWidgets());
    for (ResourceType type : Samples.types()) {
      String path = type.collectionPath(Samples.NAMESPACE);
      ObjectNode answer =
          api.post(path + "?dryRun=All&fieldValidation=Strict", samples.of(type, "n0"));
      if (Json.text(answer, "kind").equals("Status")) {
        found.add("sample " + type.kind() + ": " + answer);
      }
    }
  }

  /// Goes on to the end of the number, or to twenty findings.
  public void run(int number) throws IOException, InterruptedException {
    for (int i = 0; i < number && found.size() < ENOUGH; i++) {
      Sent sent = requests.next();
      if (sent.verb().equals("watch")) {
        watches.add(new Open(i, sent, api.sendLater(sent)));
        endWatches(WATCHES);
      } else {
        send(i, sent);
      }
    }
    endWatches(0);
    for (ResourceType type : Samples.types()) {
      if (type.stored()) {
        judgeList(type);
      }
    }
  }

  private void send(int number, Sent sent) throws IOException, InterruptedException {
    try {
      HttpResponse<byte[]> answer = api.send(sent);
      judge(number, sent, answer);
    } catch (IOException e) {
      found.add(line(number, sent, e.toString()));
    }
  }

  private void endWatches(int most) throws InterruptedException {
    while (watches.size() > most) {
      Open oldest = watches.remove();
      try {
        judge(oldest.number(), oldest.sent(), oldest.answer().get());
      } catch (ExecutionException | IOException e) {
        found.add(line(oldest.number(), oldest.sent(), e.toString()));
      }
    }
  }

  private static String line(int number, Sent sent, String problem) {
    return "request " + number + ", " + sent.verb() + ": " + sent + "\n    -> " + problem;
  }

  private void judge(int number, Sent sent, HttpResponse<byte[]> answer)
      throws IOException, InterruptedException {
    int status = answer.statusCode();
    answers.merge(sent.verb() + " " + status / 100 + "xx", 1, Integer::sum);
    problem(sent, status, answer.body()).ifPresent(p -> found.add(line(number, sent, p)));
    if (status / 100 == 2 && !sent.onlyAsks() && !sent.object().isEmpty()) {
      Optional<ObjectNode> stored = api.get(sent.object());
      if (stored.isPresent()) {
        judgeStored(line(number, sent, ""), sent.type(), stored.get());
      }
    }
  }

  private static Optional<String> problem(Sent sent, int status, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    if (status >= 500 && !isByDesign(sent, status, text)) {
      return Optional.of(status + " " + text);
    }
    // A call is answered by the model, in its protocol.
    if (status < 400 || sent.verb().equals("call")) {
      return Optional.empty();
    }
    try {
      JsonNode answer = Json.parse(body);
      boolean isStatus =
          Json.text(answer, "kind").equals("Status")
              && answer.path("code").asInt() == status
              && !Json.text(answer, "reason").isEmpty();
      return isStatus ? Optional.empty() : Optional.of(status + " without its Status: " + text);
    } catch (JacksonException e) {
      return Optional.of(status + " without its Status: " + text);
    }
  }

  /// A revision that is not there yet is the client's to wait for (504); a pod that does not run
  /// can be asked nothing through the server (503).
  private static boolean isByDesign(Sent sent, int status, String text) {
    return (status == 504 && text.contains("ResourceVersionTooLarge"))
        || (status == 503 && sent.verb().matches("proxy|call|log|exec|attach|portforward"));
  }

  /// Kubernetes validates in the version that is stored, and shows the others whatever comes of it.
  private void judgeStored(String why, ResourceType type, ObjectNode stored) {
    Optional<KindSchema> schema = Schemas.of(type.gvk());
    String version = Json.uid(stored) + " " + Json.resourceVersion(stored);
    if (schema.isEmpty()
        || !Kinds.all().contains(type)
        || found.size() >= ENOUGH
        || !judged.add(version)) {
      return;
    }
    List<FieldError> errors = new ArrayList<>(schema.get().validate(Json.deepCopy(stored)));
    errors.addAll(schema.get().unknownFields(stored));
    if (!errors.isEmpty()) {
      found.add(why + "stored, but not valid: " + errors + " in " + stored);
    }
  }

  private void judgeList(ResourceType type) throws IOException, InterruptedException {
    String path = type.collectionPath("");
    Optional<ObjectNode> list = api.get(path);
    if (list.isEmpty() && !type.equals(Samples.WIDGET)) {
      found.add(path + " cannot be listed any more");
    }
    if (list.isEmpty()) {
      return;
    }
    list.get().path("items").forEach(item -> judgeStored("", type, (ObjectNode) item));
    Typed.problem(list.get()).ifPresent(problem -> found.add(path + ": " + problem));
  }

  @Override
  public void close() {
    api.close();
  }
}
