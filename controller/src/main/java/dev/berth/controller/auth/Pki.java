package dev.berth.controller.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The certificates of one data directory: made when missing, made anew when two thirds of their
/// life are over or when the names they must carry changed. An expired one is no obstacle at start.
public final class Pki {
  private final Path directory;
  private final InstantSource clock;
  private final List<String> serverHosts;
  private final Identity admin;
  private final Identity agent;
  private final Credentials ca;
  private final CertificateAuthority authority;
  private volatile Credentials server;
  private volatile Credentials adminClient;
  private volatile Credentials agentClient;

  private Pki(Path directory, InstantSource clock, List<String> serverHosts, String node)
      throws IOException {
    this.directory = directory;
    this.clock = clock;
    this.serverHosts = serverHosts;
    this.admin = new Identity("admin", List.of(Identity.MASTERS));
    this.agent = new Identity(Identity.nodeUser(node), List.of(Identity.NODES));
    this.ca = loadOrMakeCa();
    this.authority = new CertificateAuthority(ca);
    this.server = server();
    this.adminClient = client("admin", admin);
    this.agentClient = client("agent", agent);
  }

  public static Pki open(Path directory, InstantSource clock, List<String> serverHosts, String node)
      throws IOException {
    SecretFiles.createDirectory(directory);
    return new Pki(directory, clock, serverHosts, node);
  }

  /// Renews what is due; true when the server's certificate changed.
  public boolean renew() throws IOException {
    Credentials before = server;
    server = server();
    adminClient = client("admin", admin);
    agentClient = client("agent", agent);
    return !before.certificate().equals(server.certificate());
  }

  public Credentials ca() {
    return ca;
  }

  private Credentials server() throws IOException {
    return loadOrMake("server", this::carriesHosts, now -> authority.issueServer(serverHosts, now));
  }

  public Credentials serving() {
    return server;
  }

  public Credentials admin() {
    return adminClient;
  }

  public Credentials agent() {
    return agentClient;
  }

  private Credentials client(String name, Identity identity) throws IOException {
    return loadOrMake(
        name,
        certificate -> ClientCertificates.identity(certificate).equals(identity),
        now -> authority.issueClient(identity, now));
  }

  private Credentials loadOrMakeCa() throws IOException {
    Path certificate = directory.resolve("ca.crt");
    if (Files.exists(certificate)) {
      return load("ca");
    }
    return save("ca", CertificateAuthority.create(clock.instant()));
  }

  private Credentials loadOrMake(
      String name,
      Function<X509Certificate, Boolean> stillRight,
      Function<Instant, Credentials> make)
      throws IOException {
    if (Files.exists(directory.resolve(name + ".crt"))) {
      Credentials found = load(name);
      if (!isDue(found.certificate())
          && isOurs(found.certificate())
          && stillRight.apply(found.certificate())) {
        return found;
      }
    }
    return save(name, make.apply(clock.instant()));
  }

  private boolean isDue(X509Certificate certificate) {
    Instant start = certificate.getNotBefore().toInstant();
    Duration life = Duration.between(start, certificate.getNotAfter().toInstant());
    return !clock.instant().isBefore(start.plus(life.multipliedBy(2).dividedBy(3)));
  }

  /// Every CA has the same name: only the signature tells a CA that was made anew from the old one.
  private boolean isOurs(X509Certificate certificate) {
    try {
      certificate.verify(ca.certificate().getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private boolean carriesHosts(X509Certificate certificate) {
    try {
      Set<String> found =
          certificate.getSubjectAlternativeNames().stream()
              .map(entry -> entry.get(1).toString())
              .collect(Collectors.toCollection(HashSet::new));
      return found.containsAll(serverHosts);
    } catch (java.security.cert.CertificateParsingException | NullPointerException e) {
      return false;
    }
  }

  private Credentials load(String name) throws IOException {
    try {
      return Pem.read(
          Files.readString(directory.resolve(name + ".crt")),
          Files.readString(directory.resolve(name + ".key")));
    } catch (IOException e) {
      throw new IOException(
          "cannot read "
              + directory.resolve(name + ".crt")
              + " with its .key: "
              + e.getMessage()
              + "; put the files back, or remove both to have them made again",
          e);
    }
  }

  private Credentials save(String name, Credentials made) throws IOException {
    SecretFiles.write(directory.resolve(name + ".key"), made.keyPem());
    SecretFiles.write(directory.resolve(name + ".crt"), made.certificatePem());
    return made;
  }
}
