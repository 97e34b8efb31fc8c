package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Remembers, before the first test class of a run, what of test hosts was on the machine already,
/// and says loudly what a run left that is over. After each class nothing that it started may be
/// left, which is what keeps classes apart that run in any order, two at a time. JUnit finds it as
/// a service (junit-platform.properties turns that on).
public final class Leftovers implements BeforeAllCallback, AfterAllCallback {
  private static Optional<List<Leaks.Leak>> before = Optional.empty();

  @Override
  public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
    remember();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException, InterruptedException {
    assertEquals(
        List.of(),
        Leaks.of(ProcessHandle.current().pid(), remember(), Leaks.found()),
        () -> "left behind by " + context.getDisplayName());
  }

  private static synchronized List<Leaks.Leak> remember() throws IOException, InterruptedException {
    if (before.isEmpty()) {
      List<Leaks.Leak> found = Leaks.found();
      found.stream()
          .filter(leak -> leak.owners().stream().noneMatch(Leftovers::runs))
          .forEach(leak -> System.err.println("LEFT BY ANOTHER RUN: " + leak.what()));
      before = Optional.of(found);
    }
    return before.get();
  }

  private static boolean runs(long process) {
    return ProcessHandle.of(process).isPresent();
  }
}
