package dev.berth.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// One [LiveApi] for all classes of a run, closed at its end. Each class works in a namespace of
/// its own.
final class Live implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(LiveApi.class);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(Namespace.GLOBAL)
        .computeIfAbsent(LiveApi.class, _ -> start(), LiveApi.class);
  }

  private static LiveApi start() {
    try {
      return LiveApi.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
