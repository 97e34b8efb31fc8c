package dev.berth.cli.look;

import dev.berth.api.Kinds;
import dev.berth.api.Nearest;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.ResourceType;
import dev.berth.cli.look.TopRows.Used;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Table;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Parsed;
import dev.berth.cli.verb.Selection;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth top",
    header = {
      "Example:",
      "  berth top",
      "  berth top pods -A --sort-by memory",
      "  berth top pods -l berth.dev/modelapp=digits --containers",
      "  berth top nodes",
      ""
    },
    description = {
      "%nProcessor and memory in use: of the nodes, of ModelApps, of pods. Without a word: of"
          + " nodes and ModelApps.",
      "%nThe nodes are asked now; the processor's figure is that of the time since somebody asked"
          + " before, at most a minute. A pod is shown when it ran through the whole of it."
    })
public final class TopVerb extends ClientVerb {
  /// What `--sort-by` takes.
  enum Order {
    name,
    cpu,
    memory
  }

  private static final List<String> NODES = List.of("nodes", "node", "no");
  private static final List<String> PODS = List.of("pods", "pod", "po");
  private static final List<String> APPS = List.of("modelapps", "modelapp", "mapp", "apps");

  @Parameters(
      paramLabel = "nodes|modelapps|pods [NAME]",
      arity = "0..2",
      description = "Of what, and of which one.")
  List<String> words = List.of();

  @Mixin final Selection selection = new Selection();

  @Option(names = "--containers", description = "A line for each container of a pod.")
  boolean containers;

  @Option(
      names = "--sort-by",
      paramLabel = "WHAT",
      defaultValue = "name",
      description = "cpu or memory, the largest first (${DEFAULT-VALUE}).")
  Order order = Order.name;

  public TopVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) {
    String what = words.isEmpty() ? "" : words.getFirst();
    String name = words.size() < 2 ? "" : Parsed.name(words.get(1));
    check(what);
    if (what.isEmpty() || NODES.contains(what)) {
      nodes(client, name);
    }
    if (what.isEmpty()) {
      terminal.data("");
    }
    if (PODS.contains(what)) {
      pods(client, inNamespace, name);
    } else if (!NODES.contains(what)) {
      apps(client, inNamespace, name);
    }
    return Exit.OK;
  }

  private void check(String what) {
    List<String> known = new ArrayList<>(NODES);
    known.addAll(PODS);
    known.addAll(APPS);
    if (!what.isEmpty() && !known.contains(what)) {
      throw Failure.of(
          "there is no use of \""
              + Printable.line(what)
              + "\""
              + Nearest.of(what, known).map(near -> "; did you mean \"" + near + "\"?").orElse(""),
          "berth top nodes, berth top modelapps, berth top pods");
    }
    if (NODES.contains(what) && selection.isEverywhere()) {
      throw Failure.of("-A is for what has a namespace, nodes have none", "berth top nodes");
    }
    if (!PODS.contains(what) && (containers || selection.isGiven())) {
      throw Failure.of("--containers and -l are for pods", "berth top pods");
    }
  }

  private void nodes(ApiClient client, String name) {
    List<ObjectNode> sizes = client.list(Kinds.NODE, "", ListOptions.ALL).items();
    List<Used> used = named(TopRows.nodes(metrics(client, Kinds.NODE_METRICS, ""), sizes), name, 0);
    List<List<String>> rows =
        used.stream()
            .map(
                u ->
                    List.of(
                        u.names().getFirst(),
                        u.cpu(),
                        u.more().getFirst(),
                        u.memory(),
                        u.more().getLast()))
            .toList();
    if (rows.isEmpty()) {
      mustBeThere(client, Kinds.NODE, "", name);
    }
    print(List.of("node", "cpu(cores)", "cpu%", "memory(bytes)", "memory%"), rows, "nodes");
  }

  /// Ends with an error where the one that was named is not there.
  private void mustBeThere(ApiClient client, ResourceType type, String inNamespace, String name) {
    if (!name.isEmpty() && !selection.isEverywhere()) {
      client.get(type, new ObjectKey(inNamespace, name));
    }
  }

  private void pods(ApiClient client, String inNamespace, String name) {
    List<ObjectNode> metrics = metrics(client, Kinds.POD_METRICS, selection.namespace(inNamespace));
    List<String> headings =
        new ArrayList<>(selection.isEverywhere() ? List.of("namespace") : List.of());
    headings.addAll(containers ? List.of("pod", "name") : List.of("name"));
    headings.addAll(List.of("cpu(cores)", "memory(bytes)"));
    List<Used> used =
        named(
            TopRows.pods(metrics, selection.isEverywhere(), containers),
            name,
            selection.isEverywhere() ? 1 : 0);
    if (used.isEmpty()) {
      mustBeThere(client, Kinds.POD, inNamespace, name);
    }
    print(headings, used.stream().map(TopVerb::row).toList(), "pods");
  }

  private void apps(ApiClient client, String inNamespace, String name) {
    List<ObjectNode> metrics = metrics(client, Kinds.POD_METRICS, selection.namespace(inNamespace));
    List<String> headings =
        new ArrayList<>(selection.isEverywhere() ? List.of("namespace") : List.of());
    headings.addAll(List.of("modelapp", "component", "pods", "cpu(cores)", "memory(bytes)"));
    List<Used> used =
        named(
            TopRows.apps(metrics, selection.isEverywhere()),
            name,
            selection.isEverywhere() ? 1 : 0);
    if (used.isEmpty()) {
      mustBeThere(client, Kinds.MODEL_APP, inNamespace, name);
    }
    print(headings, used.stream().map(TopVerb::row).toList(), "pods of modelapps");
  }

  private static List<String> row(Used used) {
    List<String> row = new ArrayList<>(used.names());
    row.addAll(used.more());
    row.addAll(List.of(used.cpu(), used.memory()));
    return row;
  }

  /// @param at where the name stands
  private List<Used> named(List<Used> all, String name, int at) {
    Comparator<Used> comparator =
        switch (order) {
          case name -> Used.BY_NAME;
          case cpu -> Used.BY_CPU;
          case memory -> Used.BY_MEMORY;
        };
    return all.stream()
        .filter(used -> name.isEmpty() || used.names().get(at).equals(name))
        .sorted(comparator)
        .toList();
  }

  private List<ObjectNode> metrics(ApiClient client, ResourceType type, String ns) {
    return client.list(type, ns, ListOptions.labelled(selection.labels())).items();
  }

  private void print(List<String> headings, List<List<String>> rows, String what) {
    if (rows.isEmpty()) {
      terminal.say(
          "No figures of " + what + " yet: what has just begun is there in a few seconds.");
      return;
    }
    new Table(headings).lines(rows).forEach(terminal::data);
  }
}
