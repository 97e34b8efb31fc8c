package dev.berth.controller.apiserver;

import java.security.Provider;
import java.security.Security;

/// Keeps Netty from what it does on its own at its first use and nobody here asked for: together
/// about a fifth of the time until a controller serves again.
final class NettySetup {
  private static final String TLS_CONTEXT = "io.netty.handler.ssl.JdkSslServerContext";
  private static final String BOUNCY_CASTLE = "BC";

  private NettySetup() {}

  /// To be called before anything of Netty or Vert.x. What the user has set stays.
  static void apply() {
    // Its events for the JDK's flight recorder load that recorder.
    setDefault("io.netty.jfr.enabled", "false");
    // The names of connections in logs, made unique over all machines: it would look at every
    // network interface and ask JMX.
    setDefault("io.netty.machineId", "02:00:00:00:00:00");
    setDefault("io.netty.processId", Long.toString(ProcessHandle.current().pid()));
    loadTlsWithoutBouncyCastle();
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /// Netty's TLS looks for BouncyCastle's provider while its class is initialised, and where that
  /// is on the class path (certificates are written with it) makes one: 600 signed classes, for a
  /// provider that nothing here uses. It takes one that is registered already instead, so there is
  /// one, empty, for this moment.
  private static void loadTlsWithoutBouncyCastle() {
    if (Security.getProvider(BOUNCY_CASTLE) != null) {
      return;
    }
    Security.addProvider(new Empty());
    try {
      Class.forName(TLS_CONTEXT);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("Netty has no " + TLS_CONTEXT + " any more", e);
    } finally {
      Security.removeProvider(BOUNCY_CASTLE);
    }
  }

  private static final class Empty extends Provider {
    private static final long serialVersionUID = 1;

    Empty() {
      super(BOUNCY_CASTLE, "0", "stands in for BouncyCastle while Netty looks for it");
    }
  }
}
