package dev.berth.cli.apply;

import dev.berth.api.Printable;
import dev.berth.cli.apply.ApplyVerb.Target;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Terminal;
import dev.berth.client.ApiClient;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Says what `apply` would do. Manifests and contexts were checked before; nothing is sent.
final class DryRun {
  private final Terminal terminal;
  private final ApiClient client;

  DryRun(Terminal terminal, ApiClient client) {
    this.terminal = terminal;
    this.client = client;
  }

  Exit run(List<Target> targets) {
    for (Target target : targets) {
      terminal.data(Printable.line(target.label() + "  " + change(target) + " (dry run)"));
      if (target.isModelApp()) {
        Targets.builds(target)
            .forEach(
                (component, build) ->
                    terminal.data(
                        Printable.line(
                            "  would pack "
                                + Targets.context(target, build)
                                + " for "
                                + component)));
      }
    }
    return Exit.OK;
  }

  private String change(Target target) {
    Optional<ObjectNode> live = client.find(target.type(), target.key());
    if (live.isEmpty()) {
      return "would be created";
    }
    ObjectNode patch = Applier.withoutMemory(Applier.patch(live.get(), target.tree()));
    return patch.isEmpty() ? "unchanged" : "would be configured: " + patch;
  }
}
