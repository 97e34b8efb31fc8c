package dev.berth.e2e.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// `docs/kubectl.md`: a chapter for each program.
final class ClientsPage {
  private static final String HEAD =
      """
      # Which kubectl can do what

      Made by a run of the released programs against a Berth of one node (`KubectlIT`, `HelmIT`): every cell is what came of
      the command, nothing is typed. *passes*: the command ended as it should and printed, or changed, what it should. *-*: that
      version does not have the command. *no (N)*: what the client said is below the table. A command that passes here and
      fails in a later run fails that run (`-Plong`).
      """;

  private ClientsPage() {}

  /// Replaces the chapter of one program, and keeps the others.
  static void write(Path page, String program, Matrix matrix) throws IOException {
    Map<String, String> chapters = new LinkedHashMap<>();
    for (String name : new String[] {"kubectl", "helm"}) {
      String old = name.equals(program) ? matrix.table(name) : chapter(page, name);
      if (!old.isEmpty()) {
        chapters.put(name, "\n## " + name + "\n\n" + old.strip() + "\n");
      }
    }
    Files.writeString(page, HEAD + String.join("", chapters.values()));
  }

  private static String chapter(Path page, String name) throws IOException {
    String[] parts =
        (Files.exists(page) ? Files.readString(page) : "").split("\n## " + name + "\n", 2);
    return parts.length < 2 ? "" : parts[1].split("\n## ", 2)[0];
  }
}
