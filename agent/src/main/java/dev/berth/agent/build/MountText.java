package dev.berth.agent.build;

import dev.berth.api.script.Mount;
import dev.berth.api.script.Script;
import java.util.Map;

/// Puts the values of the moment into the words of a mount.
final class MountText {
  private MountText() {}

  static Mount expand(Mount mount, Map<String, String> values, Script script) {
    return switch (mount) {
      case Mount.Bind b ->
          new Mount.Bind(
              script.expand(b.target(), values),
              script.expand(b.source(), values),
              b.from().map(f -> script.expand(f, values)),
              b.writable());
      case Mount.Cache c ->
          new Mount.Cache(
              script.expand(c.target(), values),
              script.expand(c.id(), values),
              c.sharing(),
              c.readOnly(),
              c.from().map(f -> script.expand(f, values)),
              script.expand(c.source(), values),
              c.mode(),
              c.uid(),
              c.gid());
      case Mount.Tmpfs t -> new Mount.Tmpfs(script.expand(t.target(), values), t.size());
      case Mount.Secret s ->
          new Mount.Secret(
              script.expand(s.id(), values),
              script.expand(s.target(), values),
              s.env(),
              s.required(),
              s.mode(),
              s.uid(),
              s.gid());
    };
  }
}
