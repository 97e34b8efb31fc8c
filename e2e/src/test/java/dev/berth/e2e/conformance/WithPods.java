package dev.berth.e2e.conformance;

import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;

/// Rows that are shown by scripts in pods.
abstract class WithPods extends WithApi {
  ScriptPods pods;

  WithPods(String shortName) {
    super(shortName);
  }

  @BeforeAll
  final void buildShell() throws IOException, InterruptedException {
    host.buildShell(ScriptPods.IMAGE);
    pods = new ScriptPods(wire);
  }
}
