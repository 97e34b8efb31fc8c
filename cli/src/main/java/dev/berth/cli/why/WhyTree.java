package dev.berth.cli.why;

import dev.berth.api.Json;
import dev.berth.api.Times;
import dev.berth.api.why.Cause;
import dev.berth.api.why.Explanation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An explanation for programs; absent is absent, never null.
final class WhyTree {
  private WhyTree() {}

  static ObjectNode of(JsonNode target, Explanation why) {
    ObjectNode tree =
        Json.object().put("kind", Json.text(target, "kind")).put("name", Json.name(target));
    if (!Json.namespace(target).isEmpty()) {
      tree.put("namespace", Json.namespace(target));
    }
    tree.put("healthy", why.healthy());
    why.root().ifPresent(root -> tree.set("root", cause(root)));
    why.evidence().forEach(tree.putArray("evidence")::add);
    var chain = tree.putArray("chain");
    why.chain()
        .forEach(
            link ->
                chain
                    .addObject()
                    .put("subject", link.subject())
                    .put("statement", link.statement()));
    why.fixes().forEach(tree.putArray("fixes")::add);
    return tree;
  }

  private static ObjectNode cause(Cause cause) {
    ObjectNode tree =
        Json.object()
            .put("reason", cause.reason())
            .put("subject", cause.subject())
            .put("message", cause.message());
    cause.since().ifPresent(since -> tree.put("since", Times.format(since)));
    cause.exitCode().ifPresent(code -> tree.put("exitCode", code));
    cause.signal().ifPresent(signal -> tree.put("signal", signal));
    if (!cause.fix().isEmpty()) {
      tree.put("fix", cause.fix());
    }
    cause.command().ifPresent(command -> tree.put("command", command));
    cause.logTail().forEach(tree.putArray("logTail")::add);
    return tree;
  }
}
