package dev.berth.gitops;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A repository on a real `git daemon` and the engine beside it: what tests from a push to objects
/// begin with.
abstract class ServedRepository {
  @TempDir Path folder;
  GitServer server;
  TestRepository git;
  Rig rig;

  @BeforeEach
  final void serve() throws Exception {
    server = new GitServer(folder);
    git = new TestRepository(folder, "apps.git");
    rig = new Rig(folder);
  }

  @AfterEach
  final void stop() throws Exception {
    rig.close();
    server.close();
  }

  /// Stores a GitRepository `apps` of the repository.
  ///
  /// @param more further fields of its `spec`, such as `"path": "prod"`
  final void follow(String... more) {
    followAs("apps", more);
  }

  final void followAs(String name, String... more) {
    String fields = more.length == 0 ? "" : ", " + String.join(", ", more);
    rig.apply(name, "{\"url\": \"" + server.url("apps.git") + "\"" + fields + "}");
  }

  static String configMap(String name, String value) {
    return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "
        + name
        + "}\ndata: {key: \""
        + value
        + "\"}\n";
  }
}
