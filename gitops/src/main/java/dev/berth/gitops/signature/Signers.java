package dev.berth.gitops.signature;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bouncycastle.openpgp.PGPException;

/// Those who may sign: the public keys of a Secret, OpenPGP as `NAME.asc`, SSH as `NAME.pub`.
public final class Signers {

  /// Why a signature does not count.
  public static final class Unsigned extends Exception {
    private static final long serialVersionUID = 1;
    private final String reason;

    public Unsigned(String reason, String message) {
      super(message);
      this.reason = reason;
    }

    /// `NotSigned`, `UnknownSigner` or `BadSignature`.
    public String reason() {
      return reason;
    }
  }

  private final Map<String, byte[]> keys;

  public Signers(Map<String, byte[]> keys) {
    this.keys = new TreeMap<>(keys);
  }

  /// Who has signed this commit.
  ///
  /// @param raw as Git stores it
  /// @return the name of the key
  public String ofCommit(byte[] raw) throws Unsigned {
    return signer(SignedObject.commit(raw), "the commit", "git commit -S");
  }

  /// Who has signed this annotated tag.
  public String ofTag(byte[] raw) throws Unsigned {
    return signer(SignedObject.tag(raw), "the tag", "git tag -s");
  }

  private String signer(SignedObject object, String what, String command) throws Unsigned {
    String signature =
        object
            .signature()
            .orElseThrow(
                () -> new Unsigned("NotSigned", what + " is not signed: make it with " + command));
    try {
      Optional<String> signer =
          signature.startsWith("-----BEGIN SSH SIGNATURE-----")
              ? SshSignature.parse(signature).signer(object.payload(), keys)
              : PgpSignature.signer(
                  new ByteArrayInputStream(
                      signature.getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
                  object.payload(),
                  keys);
      return signer.orElseThrow(
          () ->
              new Unsigned(
                  "UnknownSigner",
                  what + " is signed with a key that is not in the Secret of spec.verify"));
    } catch (IOException | GeneralSecurityException | PGPException | RuntimeException e) {
      throw new Unsigned(
          "BadSignature", what + " has a signature that is wrong: " + e.getMessage());
    }
  }
}
