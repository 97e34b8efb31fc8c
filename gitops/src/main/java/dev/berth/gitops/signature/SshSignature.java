package dev.berth.gitops.signature;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.signature.BuiltinSignatures;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/// A signature as `ssh-keygen -Y sign -n git` makes it (OpenSSH's PROTOCOL.sshsig).
final class SshSignature {
  private static final byte[] MAGIC = "SSHSIG".getBytes(StandardCharsets.US_ASCII);
  private static final String NAMESPACE = "git";
  private static final Set<String> ALGORITHMS =
      Set.of(
          "ssh-ed25519",
          "sk-ssh-ed25519@openssh.com",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521",
          "rsa-sha2-256",
          "rsa-sha2-512");

  private final PublicKey key;
  private final String hash;
  private final byte[] reserved;
  private final byte[] blob;

  private SshSignature(PublicKey key, String hash, byte[] reserved, byte[] blob) {
    this.key = key;
    this.hash = hash;
    this.reserved = reserved;
    this.blob = blob;
  }

  static SshSignature parse(String armored) throws IOException, GeneralSecurityException {
    String base64 = armored.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    Buffer buffer = new ByteArrayBuffer(Base64.getDecoder().decode(base64));
    byte[] magic = new byte[MAGIC.length];
    buffer.getRawBytes(magic);
    if (!MessageDigest.isEqual(MAGIC, magic) || buffer.getInt() != 1) {
      throw new IOException("it is no SSH signature of version 1");
    }
    PublicKey key = new ByteArrayBuffer(buffer.getBytes()).getRawPublicKey();
    if (!buffer.getString().equals(NAMESPACE)) {
      throw new GeneralSecurityException("it was not made for Git");
    }
    byte[] reserved = buffer.getBytes();
    return new SshSignature(key, buffer.getString(), reserved, buffer.getBytes());
  }

  Optional<String> signer(byte[] payload, Map<String, byte[]> keys)
      throws IOException, GeneralSecurityException {
    for (Map.Entry<String, byte[]> entry : keys.entrySet()) {
      if (entry.getKey().endsWith(".pub") && holds(entry.getValue())) {
        require(payload);
        return Optional.of(entry.getKey().substring(0, entry.getKey().length() - 4));
      }
    }
    return Optional.empty();
  }

  private boolean holds(byte[] lines) throws IOException, GeneralSecurityException {
    try (Reader reader =
        new InputStreamReader(new ByteArrayInputStream(lines), StandardCharsets.UTF_8)) {
      for (AuthorizedKeyEntry entry : AuthorizedKeyEntry.readAuthorizedKeys(reader, true)) {
        PublicKey allowed = entry.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
        if (allowed != null && KeyUtils.compareKeys(allowed, key)) {
          return true;
        }
      }
    }
    return false;
  }

  private void require(byte[] payload) throws GeneralSecurityException {
    String algorithm = new ByteArrayBuffer(blob).getString();
    if (!ALGORITHMS.contains(algorithm) || !Set.of("sha256", "sha512").contains(hash)) {
      throw new GeneralSecurityException(algorithm + " with " + hash + " is not accepted");
    }
    String digest = hash.equals("sha256") ? "SHA-256" : "SHA-512";
    Buffer signed = new ByteArrayBuffer();
    signed.putRawBytes(MAGIC);
    signed.putString(NAMESPACE);
    signed.putBytes(reserved);
    signed.putString(hash);
    signed.putBytes(MessageDigest.getInstance(digest).digest(payload));
    Signature verifier = BuiltinSignatures.fromFactoryName(algorithm).create();
    if (!verifies(verifier, signed.getCompactData())) {
      throw new GeneralSecurityException("it does not fit the content");
    }
  }

  private boolean verifies(Signature verifier, byte[] signed) throws GeneralSecurityException {
    try {
      verifier.initVerifier(null, key);
      verifier.update(null, signed, 0, signed.length);
      return verifier.verify(null, blob);
    } catch (GeneralSecurityException e) {
      throw e;
    } catch (Exception e) {
      throw new GeneralSecurityException(e);
    }
  }
}
