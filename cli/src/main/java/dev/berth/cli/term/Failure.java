package dev.berth.cli.term;

import java.util.List;

/// A verb that cannot go on: what failed, why, and what to run next.
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Exit exit;
  private final transient List<String> next;

  public Failure(Exit exit, String message, String... next) {
    super(message);
    this.exit = exit;
    this.next = List.of(next);
  }

  public static Failure of(String message, String... next) {
    return new Failure(Exit.FAILED, message, next);
  }

  public Exit exit() {
    return exit;
  }

  public List<String> next() {
    return next;
  }
}
