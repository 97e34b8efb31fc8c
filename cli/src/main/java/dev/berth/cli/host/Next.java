package dev.berth.cli.host;

import dev.berth.cli.term.Terminal;
import java.nio.file.Path;

/// "What now?", answered.
final class Next {
  private Next() {}

  static void afterUp(Terminal terminal, Path dataDir, Settings settings) {
    String option = dataDir.equals(Settings.DEFAULT_DATA_DIR) ? "" : " --data-dir " + dataDir;
    terminal.say("");
    terminal.say(
        "API         https://127.0.0.1:"
            + settings.port()
            + "   kubeconfig "
            + dataDir.resolve("admin.kubeconfig"));
    terminal.say(
        "apps        http://"
            + settings.ingressAddress()
            + ":"
            + settings.ingressPort()
            + " (by Host header)");
    terminal.say("next        berth apply" + option + " -f DIR");
    terminal.say("            berth status" + option);
    terminal.say("            export KUBECONFIG=" + dataDir.resolve("admin.kubeconfig"));
    terminal.say("stop        berth down" + option + "   (with --purge: remove everything)");
  }
}
