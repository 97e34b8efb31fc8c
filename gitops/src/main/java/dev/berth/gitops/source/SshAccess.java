package dev.berth.gitops.source;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.FilePasswordProvider;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.eclipse.jgit.transport.sshd.SshdSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/// One ssh session factory for one transport: the key and the known hosts of the Secret, nothing of
/// the account's `~/.ssh`. A server whose key is not known is refused, and [#refusal] has the line
/// that would let it in.
final class SshAccess implements ServerKeyDatabase, AutoCloseable {
  private final Credentials credentials;
  private final List<KnownHostEntry> known;
  private final SshdSessionFactory sessions;
  private volatile @Nullable String refusal;

  SshAccess(Credentials credentials, Path home) throws SourceException {
    this.credentials = credentials;
    this.known = knownHosts(credentials.knownHosts().orElse(""));
    List<KeyPair> keys = keys();
    this.sessions =
        new SshdSessionFactoryBuilder()
            .setHomeDirectory(home.toFile())
            .setSshDirectory(home.toFile())
            .setPreferredAuthentications("publickey,password")
            .setConfigFile(folder -> new File(folder, "no-config"))
            .setConfigStoreFactory((folder, file, user) -> null)
            .setDefaultKnownHostsFiles(folder -> List.of())
            .setDefaultIdentities(folder -> List.of())
            .setDefaultKeysProvider(folder -> keys)
            .setServerKeyDatabase((folder, ssh) -> this)
            .build(null);
  }

  SshdSessionFactory sessions() {
    return sessions;
  }

  /// Why the server's key was refused, where it was.
  Optional<String> refusal() {
    return Optional.ofNullable(refusal);
  }

  private static List<KnownHostEntry> knownHosts(String text) throws SourceException {
    try {
      return KnownHostEntry.readKnownHostEntries(new StringReader(text), true);
    } catch (IOException | RuntimeException e) {
      throw new SourceException(
          SourceException.INVALID,
          "known_hosts of the Secret cannot be read: " + e.getMessage(),
          e);
    }
  }

  private List<KeyPair> keys() throws SourceException {
    Optional<byte[]> identity = credentials.identity();
    if (identity.isEmpty()) {
      return List.of();
    }
    try {
      List<KeyPair> keys = new ArrayList<>();
      SecurityUtils.loadKeyPairIdentities(
              null,
              NamedResource.ofName("identity"),
              new ByteArrayInputStream(identity.get()),
              credentials
                  .passphrase()
                  .map(FilePasswordProvider::of)
                  .orElse(FilePasswordProvider.EMPTY))
          .forEach(keys::add);
      return keys;
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      throw new SourceException(
          SourceException.AUTH_FAILED,
          "identity of the Secret is no private key that can be read: "
              + e.getMessage()
              + "; make one with ssh-keygen -t ed25519",
          e);
    }
  }

  @Override
  public List<PublicKey> lookup(
      String connectAddress, InetSocketAddress remote, Configuration configuration) {
    return List.of();
  }

  @Override
  public boolean accept(
      String connectAddress,
      InetSocketAddress remote,
      PublicKey serverKey,
      Configuration configuration,
      CredentialsProvider provider) {
    String host = remote.getHostString();
    boolean revoked = known.stream().anyMatch(entry -> isRevoked(entry) && isKey(entry, serverKey));
    boolean accepted =
        !revoked
            && known.stream()
                .anyMatch(
                    entry ->
                        entry.isHostMatch(host, remote.getPort())
                            && entry.getMarker() == null
                            && isKey(entry, serverKey));
    if (!accepted) {
      refusal = refusal(host, remote.getPort(), serverKey, revoked);
    }
    return accepted;
  }

  private static boolean isRevoked(KnownHostEntry entry) {
    return "revoked".equals(entry.getMarker());
  }

  private static boolean isKey(KnownHostEntry entry, PublicKey key) {
    try {
      AuthorizedKeyEntry found = entry.getKeyEntry();
      PublicKey resolved =
          found == null ? null : found.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
      return resolved != null
          && org.apache.sshd.common.config.keys.KeyUtils.compareKeys(resolved, key);
    } catch (IOException | GeneralSecurityException e) {
      return false;
    }
  }

  private static String refusal(String host, int port, PublicKey key, boolean revoked) {
    String name = port == 22 ? host : "[" + host + "]:" + port;
    return revoked
        ? "the host key of " + name + " is marked @revoked in known_hosts of the Secret"
        : "the host key of "
            + name
            + " is not in known_hosts of the Secret; once you have compared it with what the"
            + " server's owner says, add the line: "
            + name
            + " "
            + PublicKeyEntry.toString(key);
  }

  @Override
  public void close() {
    sessions.close();
  }
}
