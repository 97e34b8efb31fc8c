package dev.berth.cli.look;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.why.Explanation;
import dev.berth.api.why.Situation;
import dev.berth.api.why.Why;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.why.Surroundings;
import dev.berth.cli.why.Targets;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
          + " what its endpoint is asked, and what is wrong where. Exit code 1 when something is."
    })
public final class StatusVerb extends ClientVerb {
  @Parameters(paramLabel = "NAME", arity = "0..1", description = "Only this ModelApp.")
  @Nullable String name;

  private final InstantSource clock = InstantSource.system();

  public StatusVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) {
    return name == null
        ? everything(client)
        : one(client, new Targets(client, inNamespace).named(Kinds.MODEL_APP, name));
  }

  private Exit one(ApiClient client, ObjectNode app) {
    Map<ObjectKey, String> traffic = Traffic.of(client, Json.namespace(app), Json.name(app));
    return show(client, app, Surroundings.of(client, app), traffic) ? Exit.OK : Exit.FAILED;
  }

  private Exit everything(ApiClient client) {
    Surroundings around = Surroundings.everything(client, null);
    terminal.data("API   " + client.server());
    boolean well = true;
    for (JsonNode node : around.nodes()) {
      well &= show(node, around);
    }
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
    Map<ObjectKey, String> traffic = apps.isEmpty() ? Map.of() : Traffic.of(client, "", "");
    for (JsonNode app : apps) {
      terminal.data("");
      well &= show(client, app, around, traffic);
    }
    return well ? Exit.OK : Exit.FAILED;
  }

  private boolean show(JsonNode node, Surroundings around) {
    Explanation why = Why.of(around.situation(node), clock.instant());
    NodeLines.of(
            node,
            Conditions.isTrue(node, "Ready"),
            why.root(),
            terminal.coloursInData(),
            terminal.dataColumns())
        .forEach(terminal::data);
    return why.healthy();
  }

  private boolean show(
      ApiClient client, JsonNode app, Surroundings around, Map<ObjectKey, String> traffic) {
    Situation situation = around.situation(app);
    Explanation why = Why.of(situation, clock.instant());
    String same = sameServer(client, Json.namespace(app));
    Wire.Look look = Wire.Look.of(terminal, clock.instant(), server::reachable, same).with(traffic);
    Wire.of(situation, why, look).lines().forEach(terminal::data);
    return why.healthy();
  }
}
