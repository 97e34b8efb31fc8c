package dev.berth.e2e;

import dev.berth.e2e.Failure.Group;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// Failures of the catalogue, induced for real in one running Berth, a few at a time: a sample of
/// every chapter. [AllFailuresIT] takes them all; `-Dfailure=NAME` those whose name matches.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FailuresIT {
  private static final int SIDE_BY_SIDE = 6;

  private final Map<String, Future<?>> met = new LinkedHashMap<>();
  private ExecutorService pool;
  private Catalogue catalogue;

  @BeforeAll
  void induceAll() throws IOException, InterruptedException {
    catalogue = Catalogue.open("why");
    pool = Executors.newFixedThreadPool(SIDE_BY_SIDE);
    for (Failure failure : chosen()) {
      met.put(
          failure.name(),
          pool.submit(
              () -> {
                catalogue.meet(failure);
                return null;
              }));
    }
  }

  private List<Failure> chosen() {
    String named = System.getProperty("failure");
    return named == null
        ? unlessNamed()
        : Failures.ALL.stream().filter(failure -> failure.name().matches(named)).toList();
  }

  /// What is induced when nobody names a failure.
  List<Failure> unlessNamed() {
    return Failures.sample();
  }

  @AfterAll
  void close() throws IOException, InterruptedException {
    if (pool != null) {
      pool.shutdownNow();
    }
    if (catalogue != null) {
      catalogue.close();
    }
  }

  @TestFactory
  @Order(1)
  Stream<DynamicContainer> eachIsNamedWithItsCauseAndItsFix() {
    return Arrays.stream(Group.values())
        .map(group -> DynamicContainer.dynamicContainer(group.title, tests(group)));
  }

  private Stream<DynamicTest> tests(Group group) {
    return Failures.ALL.stream()
        .filter(failure -> failure.group() == group && met.containsKey(failure.name()))
        .map(
            failure ->
                DynamicTest.dynamicTest(
                    failure.name(),
                    () -> {
                      try {
                        java.util.Objects.requireNonNull(met.get(failure.name())).get();
                      } catch (java.util.concurrent.ExecutionException e) {
                        throw e.getCause();
                      }
                    }));
  }

  @Test
  @Order(2)
  void nothingThatStaysBrokenFlaps() throws InterruptedException {
    catalogue.assertNothingFlaps();
  }
}
