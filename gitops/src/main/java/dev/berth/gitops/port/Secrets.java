package dev.berth.gitops.port;

import dev.berth.api.ObjectKey;
import java.util.Map;
import java.util.Optional;

/// Reads Secrets: decoded values by key.
@FunctionalInterface
public interface Secrets {

  /// Empty where there is no such Secret.
  Optional<Map<String, byte[]>> read(ObjectKey key);
}
