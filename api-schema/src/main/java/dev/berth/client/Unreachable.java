package dev.berth.client;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Why a server could not be reached, in words: what the HTTP client throws has no message, or a
/// Java class for one.
public final class Unreachable {
  private Unreachable() {}

  public static String why(Throwable failure) {
    // The client wraps an unknown name in as many ConnectExceptions as it tried.
    String refused = "";
    for (Throwable at = failure; at != null; at = at.getCause()) {
      switch (at) {
        case UnknownHostException _, UnresolvedAddressException _ -> {
          return "its name is not known";
        }
        case HttpConnectTimeoutException _ -> {
          return "it does not answer";
        }
        case HttpTimeoutException _ -> {
          return "it gave no answer in time";
        }
        case SSLException e -> {
          return ofTls(e);
        }
        case ConnectException e -> refused = said(e, "connection refused");
        default -> {}
      }
    }
    return refused.isEmpty() ? said(failure, "the connection broke") : refused;
  }

  /// Only what speaks of a certificate is a certificate's fault.
  private static String ofTls(SSLException failure) {
    String message = said(failure, "no reason was given");
    for (Throwable at = failure; at != null; at = at.getCause()) {
      boolean certificate =
          at instanceof CertificateException
              || at instanceof CertPathValidatorException
              || at instanceof CertPathBuilderException
              || at instanceof SSLPeerUnverifiedException;
      if (certificate) {
        return "its certificate is not accepted: " + message;
      }
    }
    return message.contains("Unsupported or unrecognized SSL message")
        ? "it does not speak TLS (https)"
        : "the TLS handshake failed: " + message;
  }

  private static String said(Throwable failure, String otherwise) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? otherwise : message;
  }
}
