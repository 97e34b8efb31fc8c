package dev.berth.controller.apiserver;

import dev.berth.controller.http.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Large answers as gzip for clients that take it: from the size at which Kubernetes begins to, and
/// as quickly as it does. RFC 9110, 12.5.3.
final class Compression {
  private static final long WORTH_IT = 128 * 1024;

  private Compression() {}

  /// An answer whose size is known, more or less. The caller closes the stream.
  static OutputStream stream(HttpExchange exchange, Map<String, String> headers, long size)
      throws IOException {
    if (size < WORTH_IT || !accepts(exchange.header("Accept-Encoding").orElse(""))) {
      return exchange.stream(200, headers);
    }
    Map<String, String> all = new HashMap<>(headers);
    all.put("Content-Encoding", "gzip");
    all.put("Vary", "Accept-Encoding");
    return new Quick(exchange.stream(200, all));
  }

  static void respond(HttpExchange exchange, Map<String, String> headers, byte[] body)
      throws IOException {
    if (body.length < WORTH_IT) {
      exchange.respond(200, headers, body);
      return;
    }
    OutputStream out = stream(exchange, headers, body.length);
    out.write(body);
    out.close();
  }

  static boolean accepts(String header) {
    return Arrays.stream(header.toLowerCase(Locale.ROOT).split(",", -1))
        .map(coding -> coding.replace(" ", ""))
        .anyMatch(coding -> coding.equals("gzip") || isWeighted(coding));
  }

  private static boolean isWeighted(String coding) {
    return coding.startsWith("gzip;q=") && !coding.matches("gzip;q=0(\\.0*)?");
  }

  private static final class Quick extends GZIPOutputStream {
    private static final int BUFFER = 16 * 1024;

    Quick(OutputStream out) throws IOException {
      super(out, BUFFER);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
