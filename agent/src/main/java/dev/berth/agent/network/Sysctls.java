package dev.berth.agent.network;

import dev.berth.api.SafeSysctls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Sets kernel parameters of a pod's namespaces, none but the safe ones.
final class Sysctls {
  private Sysctls() {}

  /// On a thread that is in the namespaces: the kernel shows each thread its own.
  static boolean write(Map<String, String> parameters) throws IOException {
    for (Map.Entry<String, String> one : parameters.entrySet()) {
      write(SafeSysctls.dotted(one.getKey()), one.getValue());
    }
    return true;
  }

  private static void write(String name, String value) throws IOException {
    if (!SafeSysctls.NAMES.contains(name)) {
      throw new IOException("sysctl " + name + " is not one of the safe ones");
    }
    try {
      Files.write(
          Path.of("/proc/sys", name.split("\\.", -1)), value.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new IOException("sysctl " + name + " cannot be " + value + ": " + e.getMessage(), e);
    }
  }
}
