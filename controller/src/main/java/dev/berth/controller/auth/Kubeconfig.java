package dev.berth.controller.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/// Writes kubeconfig files that hold everything needed to log in.
public final class Kubeconfig {
  private Kubeconfig() {}

  public static void write(Path file, String server, Credentials ca, Credentials user, String name)
      throws IOException {
    SecretFiles.write(
        file,
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: berth
          cluster:
            server: %s
            certificate-authority-data: %s
        users:
        - name: %s
          user:
            client-certificate-data: %s
            client-key-data: %s
        contexts:
        - name: berth
          context:
            cluster: berth
            user: %s
        current-context: berth
        """
            .formatted(
                server,
                base64(ca.certificatePem()),
                name,
                base64(user.certificatePem()),
                base64(Pem.ecKey(user.key())),
                name));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
