package dev.berth.agent.linux;

/// A system call that failed: which, on what, and why.
public final class ErrnoException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int errno;

  public ErrnoException(String call, String operand, int errno) {
    super(call + " " + operand + ": " + Errno.name(errno));
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }

  public boolean is(Errno e) {
    return errno == e.number();
  }
}
