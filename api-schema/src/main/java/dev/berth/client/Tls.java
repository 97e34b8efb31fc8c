package dev.berth.client;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/// PEM texts to an `SSLContext`. Keys may be PKCS#8, PKCS#1 (RSA) or SEC1 (EC): the two older forms
/// are wrapped into PKCS#8, which is all that the JDK reads.
final class Tls {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final char[] NO_PASSWORD = new char[0];
  private static final byte[] RSA_OID = {
    6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 1, 1, 5, 0
  };
  private static final byte[] EC_OID = {6, 7, 42, (byte) 134, 72, (byte) 206, 61, 2, 1};
  private static final byte[] P256_OID = {6, 8, 42, (byte) 134, 72, (byte) 206, 61, 3, 1, 7};

  private Tls() {}

  /// Without an authority the JDK's trust store decides; without certificate and key the client
  /// stays anonymous.
  static SSLContext context(
      Optional<String> authority, Optional<String> certificate, Optional<String> key) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          certificate.isPresent() && key.isPresent()
              ? keys(certificate.get(), key.get())
              : new KeyManager[0],
          authority.isPresent() ? trust(authority.get()) : null,
          null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("certificates cannot be used: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] trust(String pem) throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    int n = 0;
    for (Certificate certificate : certificates(pem)) {
      store.setCertificateEntry("ca-" + n++, certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] keys(String certificatePem, String keyPem)
      throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    Certificate[] chain = certificates(certificatePem).toArray(Certificate[]::new);
    store.setKeyEntry("client", privateKey(keyPem), NO_PASSWORD, chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, NO_PASSWORD);
    return store;
  }

  static Collection<? extends Certificate> certificates(String pem)
      throws GeneralSecurityException {
    Collection<? extends Certificate> found =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    if (found.isEmpty()) {
      throw new GeneralSecurityException("no certificate in the PEM text");
    }
    return found;
  }

  static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    List<String> seen = new ArrayList<>();
    Matcher block = BLOCK.matcher(pem);
    while (block.find()) {
      byte[] der = decode(block.group(2));
      switch (block.group(1)) {
        case "PRIVATE KEY" -> {
          return pkcs8(der);
        }
        case "RSA PRIVATE KEY" -> {
          return KeyFactory.getInstance("RSA").generatePrivate(wrapped(RSA_OID, der));
        }
        case "EC PRIVATE KEY" -> {
          return KeyFactory.getInstance("EC").generatePrivate(wrapped(ecAlgorithm(der), der));
        }
        default -> seen.add(block.group(1));
      }
    }
    throw new GeneralSecurityException(
        "no private key in the PEM text (PKCS#8, RSA or EC); found " + seen);
  }

  private static byte[] decode(String base64) throws GeneralSecurityException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("the PEM text is not base64", e);
    }
  }

  private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    GeneralSecurityException last = new GeneralSecurityException("no algorithm");
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw new GeneralSecurityException("the private key is neither EC, RSA nor Ed25519", last);
  }

  /// PrivateKeyInfo ::= SEQUENCE { version 0, algorithm, OCTET STRING key }.
  private static PKCS8EncodedKeySpec wrapped(byte[] algorithm, byte[] key) {
    byte[] version = {2, 1, 0};
    return new PKCS8EncodedKeySpec(
        der(0x30, concat(version, der(0x30, algorithm), der(0x04, key))));
  }

  /// The curve is named inside the SEC1 structure, in its context tag 0; P-256 where it is left
  /// out.
  private static byte[] ecAlgorithm(byte[] sec1) {
    for (int i = 0; i + 3 < sec1.length; i++) {
      boolean taggedOid =
          (sec1[i] & 0xff) == 0xa0 && sec1[i + 2] == 6 && sec1[i + 1] == sec1[i + 3] + 2;
      if (taggedOid && i + 4 + sec1[i + 3] <= sec1.length) {
        byte[] curve = new byte[sec1[i + 1]];
        System.arraycopy(sec1, i + 2, curve, 0, curve.length);
        return concat(EC_OID, curve);
      }
    }
    return concat(EC_OID, P256_OID);
  }

  private static byte[] der(int tag, byte[] content) {
    int n = content.length;
    byte[] head =
        n < 128
            ? new byte[] {(byte) tag, (byte) n}
            : n < 256
                ? new byte[] {(byte) tag, (byte) 0x81, (byte) n}
                : new byte[] {(byte) tag, (byte) 0x82, (byte) (n >> 8), (byte) n};
    return concat(head, content);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
