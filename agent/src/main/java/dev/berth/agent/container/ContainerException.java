package dev.berth.agent.container;

/// A container that could not be made or started; the message names the operation and the kernel's
/// answer.
public final class ContainerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ContainerException(String message) {
    super(message);
  }

  public ContainerException(String message, Throwable cause) {
    super(message, cause);
  }
}
