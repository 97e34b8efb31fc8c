package dev.berth.e2e;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// A walk over one host, step by step: its tests build upon each other, and the host is closed,
/// with a look for what it left, after the last.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class WithHost {
  private final String shortName;
  private @Nullable TestHost created;

  WithHost(String shortName) {
    this.shortName = shortName;
  }

  @BeforeAll
  final void createHost() throws IOException, InterruptedException {
    created = TestHost.create(shortName);
    prepare(created);
  }

  /// What the first step needs.
  void prepare(TestHost host) throws IOException, InterruptedException {}

  @AfterAll
  final void closeHost() throws IOException, InterruptedException {
    if (created != null) {
      created.close();
    }
  }

  final TestHost host() {
    return java.util.Objects.requireNonNull(created, "made before the first step");
  }
}
