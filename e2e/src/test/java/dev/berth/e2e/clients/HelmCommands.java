package dev.berth.e2e.clients;

import java.util.List;

/// What people type into helm, each with a release of its own. `NS` and `DIR` as for kubectl.
final class HelmCommands {
  private HelmCommands() {}

  static List<Command> all() {
    return List.of(
        Command.of("install", "STATUS: deployed", "install one DIR/chart"),
        Command.of(
            "install --dry-run=server",
            "STATUS: pending-install",
            "install dry DIR/chart --dry-run=server"),
        Command.of(
            "install --wait", "STATUS: deployed", "install waits DIR/chart --wait --timeout 3m"),
        Command.of(
            "install, with a hook",
            "STATUS: deployed",
            "install hooked DIR/chart --set hook=true --timeout 3m"),
        Command.of(
            "install, with a CRD", "STATUS: deployed", "install custom DIR/chart-crd --timeout 3m"),
        Command.of("list", "^listed\\s+NS\\s+1\\s.*deployed", "install listed DIR/chart", "list"),
        Command.of("status", "STATUS: deployed", "install told DIR/chart", "status told"),
        Command.of(
            "get manifest", "kind: Deployment", "install shown DIR/chart", "get manifest shown"),
        Command.of(
            "get values",
            "replicas: 2",
            "install valued DIR/chart --set replicas=2",
            "get values valued"),
        Command.of(
            "upgrade",
            "REVISION: 2",
            "install up DIR/chart",
            "upgrade up DIR/chart --set replicas=2"),
        Command.of("upgrade --install", "STATUS: deployed", "upgrade --install fresh DIR/chart"),
        Command.of(
            "history",
            "^2\\s.*deployed",
            "install old DIR/chart",
            "upgrade old DIR/chart --set replicas=2",
            "history old"),
        Command.of(
            "rollback",
            "Rollback was a success",
            "install back DIR/chart",
            "upgrade back DIR/chart --set replicas=2",
            "rollback back 1"),
        Command.of(
            "uninstall",
            "release \"gone\" uninstalled",
            "install gone DIR/chart",
            "uninstall gone --timeout 3m"));
  }
}
