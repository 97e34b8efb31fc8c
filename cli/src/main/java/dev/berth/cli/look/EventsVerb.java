package dev.berth.cli.look;

import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.ResourceType;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Table;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Form;
import dev.berth.cli.verb.Types;
import dev.berth.client.ApiClient;
import dev.berth.client.Informer;
import dev.berth.client.ListOptions;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth events",
    header = {
      "Example:",
      "  berth events",
      "  berth events --for modelapp/digits -w",
      "  berth events -A --types Warning",
      "  berth events --for node/my-host",
      ""
    },
    description =
        "%nWhat happened, the newest last. Of a ModelApp: also to its pods, builds and Deployments,"
            + " those that are still there and that you may read.")
public final class EventsVerb extends ClientVerb {
  @Option(
      names = "--for",
      paramLabel = "TYPE/NAME",
      description = "Only what happened to this object.")
  @Nullable String about;

  @Option(
      names = "--types",
      paramLabel = "TYPE",
      split = ",",
      description = "Only of these types: Normal, Warning.")
  List<String> types = List.of();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "In every namespace.")
  boolean everywhere;

  @Option(
      names = {"-w", "--watch"},
      description = "Keep watching; one line per event. Ctrl-C ends it.")
  boolean watch;

  @Mixin final Form form = new Form();

  private final InstantSource clock = InstantSource.system();
  private final CountDownLatch unread = new CountDownLatch(1);

  public EventsVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) throws InterruptedException {
    check();
    Optional<Types.Wanted> wanted = Optional.ofNullable(about).map(a -> Types.wanted(List.of(a)));
    if (wanted.isPresent() && wanted.get().names().size() != 1) {
      throw Failure.of("--for takes one object, as TYPE/NAME", "for example --for modelapp/digits");
    }
    Optional<EventsAbout> only = wanted.map(w -> only(client, w, inNamespace));
    boolean all = everywhere || wanted.stream().anyMatch(w -> !w.types().getFirst().namespaced());
    String ns = all ? "" : inNamespace;
    FieldSelector fields = only.map(EventsAbout::fields).orElse(FieldSelector.EVERYTHING);
    Predicate<JsonNode> shown =
        event ->
            (types.isEmpty() || types.contains(Json.text(event, "type")))
                && only.map(o -> o.test(event)).orElse(true);
    List<ObjectNode> found =
        client
            .list(Kinds.EVENT, ns, ListOptions.selecting(LabelSelector.EVERYTHING, fields))
            .items()
            .stream()
            .filter(shown)
            .sorted(EventRows.OLDEST_FIRST)
            .toList();
    if (found.isEmpty() && !watch) {
      return nothing(client, wanted, ns);
    }
    Printer printer = new Printer(shown);
    printer.print(found);
    if (watch && terminal.dataIsTaken()) {
      try (Informer _ =
          Informer.of(client, Kinds.EVENT, ns, LabelSelector.EVERYTHING, fields, printer)) {
        unread.await();
      }
    }
    return Exit.OK;
  }

  private void check() {
    for (String type : types) {
      if (!List.of("Normal", "Warning").contains(type)) {
        throw Failure.of(
            "there are no events of type \"" + Printable.line(type) + "\"",
            "types: Normal, Warning");
      }
    }
    if (watch && !form.isText()) {
      throw Failure.of("-w shows a table: it does not go with -o", "leave out -w, or -o");
    }
    if (everywhere && about != null) {
      throw Failure.of("--for is about one object: it does not go with -A", "give -n NAMESPACE");
    }
  }

  private static EventsAbout only(ApiClient client, Types.Wanted wanted, String inNamespace) {
    ResourceType type = wanted.types().getFirst();
    String ns = type.namespaced() ? inNamespace : "";
    return new EventsAbout(client, type, new ObjectKey(ns, wanted.names().getFirst()));
  }

  /// An object that is not there has no events either, and that is what is wrong.
  private Exit nothing(ApiClient client, Optional<Types.Wanted> wanted, String ns) {
    wanted.ifPresent(
        w -> client.get(w.types().getFirst(), new ObjectKey(ns, w.names().getFirst())));
    terminal.say("No events found" + (ns.isEmpty() ? "." : " in namespace " + ns + "."));
    if (!form.isText()) {
      form.print(terminal, Form.listOf(List.of()));
    }
    return Exit.OK;
  }

  /// What was there first, then each change once. The informer calls on its own thread.
  private final class Printer implements Informer.Handler {
    private final Predicate<JsonNode> shown;
    private final Table layout = new Table(EventRows.headings(everywhere));
    private final Map<String, String> printed = new HashMap<>();

    Printer(Predicate<JsonNode> shown) {
      this.shown = shown;
    }

    synchronized void print(List<ObjectNode> events) {
      if (!form.isText()) {
        form.print(terminal, Form.listOf(events));
        return;
      }
      events.forEach(this::remember);
      layout.lines(events.stream().map(this::row).toList()).forEach(terminal::data);
      terminal.flush();
    }

    private List<String> row(JsonNode event) {
      return EventRows.row(event, clock.instant(), everywhere);
    }

    private void remember(JsonNode event) {
      printed.put(Json.uid(event), Json.resourceVersion(event));
    }

    @Override
    public synchronized void added(ObjectNode event) {
      boolean known = Json.resourceVersion(event).equals(printed.get(Json.uid(event)));
      if (!known && shown.test(event)) {
        remember(event);
        List<String> row = row(event);
        layout.widen(row);
        terminal.data(layout.line(row));
        if (!terminal.dataIsTaken()) {
          unread.countDown();
        }
      }
    }

    @Override
    public void updated(ObjectNode old, ObjectNode event) {
      added(event);
    }

    @Override
    public synchronized void deleted(ObjectNode last) {
      printed.remove(Json.uid(last));
    }
  }
}
