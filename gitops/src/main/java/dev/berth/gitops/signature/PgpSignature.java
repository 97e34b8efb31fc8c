package dev.berth.gitops.signature;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.openpgp.PGPException;
import org.bouncycastle.openpgp.PGPPublicKey;
import org.bouncycastle.openpgp.PGPPublicKeyRing;
import org.bouncycastle.openpgp.PGPPublicKeyRingCollection;
import org.bouncycastle.openpgp.PGPSignature;
import org.bouncycastle.openpgp.PGPSignatureList;
import org.bouncycastle.openpgp.PGPUtil;
import org.bouncycastle.openpgp.bc.BcPGPObjectFactory;
import org.bouncycastle.openpgp.operator.bc.BcKeyFingerprintCalculator;
import org.bouncycastle.openpgp.operator.bc.BcPGPContentVerifierBuilderProvider;

/// A detached OpenPGP signature of a document.
final class PgpSignature {
  private PgpSignature() {}

  static Optional<String> signer(InputStream armored, byte[] payload, Map<String, byte[]> keys)
      throws IOException, PGPException, GeneralSecurityException {
    Object read = new BcPGPObjectFactory(PGPUtil.getDecoderStream(armored)).nextObject();
    if (!(read instanceof PGPSignatureList list) || list.isEmpty()) {
      throw new IOException("it is no OpenPGP signature");
    }
    PGPSignature signature = list.get(0);
    for (Map.Entry<String, byte[]> entry : keys.entrySet()) {
      if (entry.getKey().endsWith(".asc")) {
        PGPPublicKeyRing ring = rings(entry.getValue()).getPublicKeyRing(signature.getKeyID());
        if (ring != null) {
          requireValid(signature, ring.getPublicKey());
          require(signature, ring.getPublicKey(signature.getKeyID()), payload);
          return Optional.of(entry.getKey().substring(0, entry.getKey().length() - 4));
        }
      }
    }
    return Optional.empty();
  }

  private static PGPPublicKeyRingCollection rings(byte[] armored) throws IOException, PGPException {
    return new PGPPublicKeyRingCollection(
        PGPUtil.getDecoderStream(new ByteArrayInputStream(armored)),
        new BcKeyFingerprintCalculator());
  }

  /// Of the key that signed, and of the primary key that answers for it.
  private static void requireValid(PGPSignature signature, PGPPublicKey key)
      throws GeneralSecurityException {
    if (key.hasRevocation()) {
      throw new GeneralSecurityException("its key is revoked");
    }
    long seconds = key.getValidSeconds();
    Instant signed = signature.getCreationTime().toInstant();
    if (seconds > 0 && signed.isAfter(key.getCreationTime().toInstant().plusSeconds(seconds))) {
      throw new GeneralSecurityException("its key had expired");
    }
  }

  private static void require(PGPSignature signature, PGPPublicKey key, byte[] payload)
      throws PGPException, GeneralSecurityException {
    requireValid(signature, key);
    if (signature.getSignatureType() != PGPSignature.BINARY_DOCUMENT) {
      throw new GeneralSecurityException("it is not the signature of a document");
    }
    signature.init(new BcPGPContentVerifierBuilderProvider(), key);
    signature.update(payload);
    if (!signature.verify()) {
      throw new GeneralSecurityException("it does not fit the content");
    }
  }
}
