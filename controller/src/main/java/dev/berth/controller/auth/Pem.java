package dev.berth.controller.auth;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/// Certificates and keys as text.
final class Pem {
  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private static final int COORDINATE = 32;

  private Pem() {}

  static String certificate(X509Certificate certificate) {
    try {
      return block("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  static String key(PrivateKey key) {
    return block("PRIVATE KEY", key.getEncoded());
  }

  /// A P-256 key as RFC 5915 has it, which clients that know no PKCS#8 read as well.
  static String ecKey(KeyPair pair) {
    if (!(pair.getPrivate() instanceof ECPrivateKey secret)
        || !(pair.getPublic() instanceof ECPublicKey open)
        || open.getParams().getCurve().getField().getFieldSize() != 8 * COORDINATE) {
      return key(pair.getPrivate());
    }
    ByteBuffer der = ByteBuffer.allocate(121);
    der.put(HexFormat.of().parseHex("30770201010420")).put(fixed(secret.getS()));
    der.put(HexFormat.of().parseHex("a00a06082a8648ce3d030107a14403420004"));
    der.put(fixed(open.getW().getAffineX())).put(fixed(open.getW().getAffineY()));
    return block("EC PRIVATE KEY", der.array());
  }

  private static byte[] fixed(BigInteger number) {
    byte[] bytes = number.toByteArray();
    byte[] fixed = new byte[COORDINATE];
    int n = Math.min(bytes.length, COORDINATE);
    System.arraycopy(bytes, bytes.length - n, fixed, COORDINATE - n, n);
    return fixed;
  }

  static String publicKey(PublicKey key) {
    return block("PUBLIC KEY", key.getEncoded());
  }

  static KeyPair readPair(String open, String secret) throws IOException {
    try {
      KeyFactory factory = KeyFactory.getInstance("EC");
      return new KeyPair(
          factory.generatePublic(new X509EncodedKeySpec(der(open))),
          factory.generatePrivate(new PKCS8EncodedKeySpec(der(secret))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("not a PEM pair of EC keys: " + e.getMessage(), e);
    }
  }

  private static byte[] der(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "").strip());
  }

  private static String block(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + LINES.encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  static Credentials read(String certificate, String key) throws IOException {
    try {
      X509Certificate parsed =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(certificate.getBytes(StandardCharsets.US_ASCII)));
      PrivateKey parsedKey =
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der(key)));
      return new Credentials(new KeyPair(parsed.getPublicKey(), parsedKey), parsed);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("not a PEM certificate with its PKCS#8 EC key: " + e.getMessage(), e);
    }
  }
}
