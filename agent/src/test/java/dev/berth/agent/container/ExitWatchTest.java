package dev.berth.agent.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.agent.linux.ErrnoException;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExitWatchTest {
  /// A user may watch only so many (epoll(7), max_user_watches); it is asked again each second.
  @Test
  void aProcessThatCannotBeWatchedCostsNoDescriptor() {
    CountedSyscalls full =
        new CountedSyscalls((name, args) -> name.equals("epollAdd") && !args[2].equals(0L));
    int pid = (int) ProcessHandle.current().pid();
    try (ExitWatch watch = new ExitWatch(full.syscalls())) {
      Set<Object> before = full.open();
      assertThrows(ErrnoException.class, () -> watch.watch(pid, () -> {}));
      assertEquals(before, full.open());
    }
    assertEquals(Set.of(), full.open());
  }
}
