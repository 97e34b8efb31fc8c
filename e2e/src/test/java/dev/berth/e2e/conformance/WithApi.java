package dev.berth.e2e.conformance;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/// Rows that are asked of one host, over the wire.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WithApi {
  private final String shortName;
  TestHost host;
  Wire wire;

  WithApi(String shortName) {
    this.shortName = shortName;
  }

  @BeforeAll
  final void startBerth() throws IOException, InterruptedException {
    host = TestHost.create(shortName);
    host.up().ok();
    wire = Wire.to(host);
  }

  @AfterAll
  final void stopBerth() throws IOException, InterruptedException {
    if (wire != null) {
      wire.close();
    }
    if (host != null) {
      host.close();
    }
  }
}
