package dev.berth.cli.apply;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.ResourceType;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Parsed;
import dev.berth.cli.verb.Patience;
import dev.berth.cli.verb.Types;
import dev.berth.client.ApiClient;
import dev.berth.client.DeleteOptions;
import dev.berth.client.ListOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth delete",
    header = {
      "Example:",
      "  berth delete modelapp digits",
      "  berth delete -f manifests/digits",
      "  berth delete pods -l berth.dev/modelapp=digits",
      ""
    },
    description = "%nRemoves objects, and waits until they and their pods are gone.")
public final class DeleteVerb extends ClientVerb {
  @Parameters(
      paramLabel = "TYPE NAME",
      arity = "0..*",
      description = "A type and names, or TYPE/NAME.")
  List<String> words = List.of();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR|-",
      description = "What these manifests name.")
  List<String> sources = List.of();

  @Option(
      names = {"-l", "--selector"},
      paramLabel = "LABELS",
      description = "What has these labels.")
  @Nullable String selector;

  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Wait until they are gone (the default).")
  boolean wait = true;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "2m",
      description = "How long to wait (${DEFAULT-VALUE}).")
  String timeout = "2m";

  private final InstantSource clock = InstantSource.system();

  public DeleteVerb(Terminal terminal) {
    super(terminal);
  }

  /// What is to go; `uid` once the server has said which object of that name it was.
  record Doomed(ResourceType type, ObjectKey key, String uid) {
    Doomed(ResourceType type, ObjectKey key) {
      this(type, key, "");
    }

    /// The server answers with the object, or with a Status about it.
    Doomed as(ObjectNode answer) {
      String own = Json.uid(answer);
      return new Doomed(type, key, own.isEmpty() ? Json.text(answer, "details", "uid") : own);
    }

    /// A controller may have made a new object of that name at once.
    boolean isStill(ObjectNode found) {
      return uid.isEmpty() || Json.uid(found).equals(uid);
    }

    DeleteOptions options() {
      return uid.isEmpty() ? DeleteOptions.DEFAULT : DeleteOptions.only(uid);
    }

    String label() {
      return type.singular() + "/" + Printable.line(key.name());
    }
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace)
      throws IOException, InterruptedException {
    Duration limit = Patience.limit(timeout);
    List<Doomed> doomed = doomed(client, inNamespace);
    List<String> missing = new ArrayList<>();
    List<Doomed> deleted = new ArrayList<>();
    for (Doomed one : doomed) {
      Optional<Doomed> gone = delete(client, one);
      gone.ifPresentOrElse(deleted::add, () -> missing.add(one.label()));
      if (gone.isPresent()) {
        terminal.data(one.label() + " deleted");
      }
    }
    terminal.flush();
    Exit exit = wait ? gone(client, deleted, limit, clock) : Exit.OK;
    if (!missing.isEmpty()) {
      throw Failure.of("not found: " + String.join(", ", missing));
    }
    return exit;
  }

  /// Empty where there is none: the others are deleted all the same. With a uid, another object of
  /// that name is refused as a [ApiError.Conflict].
  static Optional<Doomed> delete(ApiClient client, Doomed one) {
    try {
      return Optional.of(one.as(client.delete(one.type(), one.key(), one.options())));
    } catch (ApiException e) {
      if (e.error() instanceof ApiError.NotFound) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private List<Doomed> doomed(ApiClient client, String ns) throws IOException {
    List<Doomed> doomed = new ArrayList<>();
    if (selector != null && selector.isBlank()) {
      throw Failure.of(
          "the selector is empty, and would mean every object",
          "deleting every one of a type is not offered");
    }
    if (!sources.isEmpty()) {
      if (selector != null || !words.isEmpty()) {
        throw Failure.of(
            "-f deletes what the manifests name: leave out the selector and the names");
      }
      Targets.of(ManifestFiles.read(sources), ns)
          .forEach(target -> doomed.add(new Doomed(target.type(), target.key())));
    } else if (words.isEmpty()) {
      throw Failure.of("say what to delete", "berth delete TYPE NAME, or berth delete -f FILE");
    } else {
      named(client, Types.wanted(words), ns, doomed);
    }
    return doomed;
  }

  private void named(ApiClient client, Types.Wanted wanted, String ns, List<Doomed> doomed) {
    if (wanted.names().isEmpty() == (selector == null)) {
      throw Failure.of(
          "name the objects, or give a selector (-l): deleting every one of a type is not offered");
    }
    for (ResourceType type : wanted.types()) {
      wanted
          .names()
          .forEach(
              name ->
                  doomed.add(new Doomed(type, new ObjectKey(type.namespaced() ? ns : "", name))));
      if (selector != null) {
        client
            .list(type, ns, ListOptions.labelled(Parsed.selector(selector)))
            .items()
            .forEach(object -> doomed.add(new Doomed(type, ObjectKey.of(object))));
      }
    }
  }

  /// Waits until they are, or throws a [Failure] that names who is not.
  static Exit gone(ApiClient client, List<Doomed> doomed, Duration limit, InstantSource clock)
      throws InterruptedException {
    Instant end = clock.instant().plus(limit);
    CountDownLatch never = new CountDownLatch(1);
    for (Doomed one : doomed) {
      while (isThere(client, one)) {
        if (clock.instant().isAfter(end)) {
          throw new Failure(
              Exit.TIMEOUT,
              one.type().singular()
                  + "/"
                  + one.key().name()
                  + " is still there after "
                  + Spans.format(limit),
              "berth describe " + one.type().singular() + "/" + one.key().name());
        }
        never.await(100, TimeUnit.MILLISECONDS);
      }
    }
    return Exit.OK;
  }

  /// A ModelApp is gone when its pods are: they are what holds memory and addresses.
  private static boolean isThere(ApiClient client, Doomed one) {
    Optional<ObjectNode> found = client.find(one.type(), one.key());
    if (found.isPresent()) {
      return one.isStill(found.get());
    }
    LabelSelector pods = LabelSelector.of(Map.of("berth.dev/modelapp", one.key().name()));
    return one.type().equals(Kinds.MODEL_APP)
        && client.list(Kinds.POD, one.key().namespace(), ListOptions.labelled(pods)).items().size()
            > 0;
  }
}
