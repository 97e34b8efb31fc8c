package dev.berth.cli.look;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Quantity;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Printable;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth status",
    header = {"Example:", "  berth status", "  berth status digits", ""},
    description = {
      "%nOne screen: the hosts, and every ModelApp as its wire (model -> endpoint -> app), with"
          + " what is wrong where. Exit code 1 when something is."
    })
public final class StatusVerb extends ClientVerb {
  @Parameters(paramLabel = "NAME", arity = "0..1", description = "Only this ModelApp.")
  @Nullable String name;

  public StatusVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) {
    if (name != null) {
      ObjectNode app = client.get(Kinds.MODEL_APP, new dev.berth.api.ObjectKey(inNamespace, name));
      return show(List.of(app)) ? Exit.OK : Exit.FAILED;
    }
    boolean nodesWell = nodes(client.list(Kinds.NODE, null, ListOptions.ALL).items(), client);
    List<ObjectNode> apps =
        client.list(Kinds.MODEL_APP, null, ListOptions.ALL).items().stream()
            .sorted(
                Comparator.comparing((JsonNode app) -> Json.namespace(app))
                    .thenComparing(Json::name))
            .toList();
    if (apps.isEmpty()) {
      terminal.data("");
      terminal.data("No ModelApps yet.  berth apply -f DIR");
    }
    return show(apps) && nodesWell ? Exit.OK : Exit.FAILED;
  }

  private boolean nodes(List<ObjectNode> nodes, ApiClient client) {
    terminal.data("API   " + client.server());
    boolean well = true;
    for (JsonNode node : nodes) {
      boolean ready = condition(node);
      well &= ready;
      Paint paint = ready ? Paint.GREEN : Paint.RED;
      terminal.data(
          "node  "
              + paint.of(
                  Printable.line(Json.name(node)) + (ready ? "  Ready" : "  not Ready"),
                  terminal.coloursInData())
              + "  "
              + resources(node));
    }
    return well;
  }

  private static String resources(JsonNode node) {
    JsonNode has = Json.at(node, "status", "allocatable");
    long memory = Quantity.tryParse(Json.text(has, "memory")).map(Quantity::value).orElse(0L);
    return Printable.line(Json.text(has, "cpu") + " cpu, " + Spans.bytes(memory) + " memory");
  }

  private static boolean condition(JsonNode node) {
    for (JsonNode condition : Json.at(node, "status", "conditions")) {
      if (Json.text(condition, "type").equals("Ready")) {
        return Json.text(condition, "status").equals("True");
      }
    }
    return false;
  }

  private boolean show(List<? extends JsonNode> apps) {
    boolean well = true;
    for (JsonNode app : apps) {
      List<String> lines =
          new Wire(app, terminal.coloursInData(), terminal.unicode(), server::reachable).lines();
      terminal.data("");
      lines.forEach(terminal::data);
      well &= lines.size() == 2;
    }
    return well;
  }
}
