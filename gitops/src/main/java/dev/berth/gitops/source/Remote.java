package dev.berth.gitops.source;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.SshTransport;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.UsernamePasswordCredentialsProvider;
import org.jspecify.annotations.Nullable;

/// One server's repository, asked with one credential. Each call is one connection, closed at its
/// end.
final class Remote {
  private static final String[] WANTED = {"HEAD", "refs/heads/", "refs/tags/"};

  private final GitUrl url;
  private final Credentials credentials;
  private final Patience patience;
  private final Path home;

  /// @param home an empty folder that stands for the home of whoever connects
  Remote(GitUrl url, Credentials credentials, Patience patience, Path home) {
    this.url = url;
    this.credentials = credentials;
    this.patience = patience;
    this.home = home;
  }

  /// `HEAD`, the branches and the tags, by full name.
  Map<String, Ref> list() throws SourceException, InterruptedException {
    return ask(
        null,
        transport -> {
          try (FetchConnection connection = transport.openFetch(List.of(), WANTED)) {
            return Map.copyOf(connection.getRefsMap());
          }
        });
  }

  /// Brings one commit (or tag, with its commit) and its files, without history.
  ///
  /// @param from full name of a reference, or the id of an object
  /// @param to the name it gets in the local repository
  void fetch(Repository local, String from, String to)
      throws SourceException, InterruptedException {
    ask(
        local,
        transport -> {
          transport.setTagOpt(TagOpt.NO_TAGS);
          transport.setDepth(1);
          return transport.fetch(Deadline.MONITOR, List.of(new RefSpec("+" + from + ":" + to)));
        });
  }

  private interface Question<T> {
    T ask(Transport transport) throws IOException;
  }

  private <T> T ask(@Nullable Repository local, Question<T> question)
      throws SourceException, InterruptedException {
    return Deadline.within(
        patience.longest(),
        url,
        () ->
            url.scheme() == GitUrl.Scheme.SSH
                ? overSsh(local, question)
                : ask(local, question, Optional.empty()));
  }

  private <T> T overSsh(@Nullable Repository local, Question<T> question) throws SourceException {
    try (SshAccess ssh = new SshAccess(credentials, home)) {
      return ask(local, question, Optional.of(ssh));
    }
  }

  private <T> T ask(@Nullable Repository local, Question<T> question, Optional<SshAccess> ssh)
      throws SourceException {
    try (Transport transport = open(local)) {
      transport.setTimeout((int) Math.max(1, patience.silence().toSeconds()));
      if (ssh.isPresent() && transport instanceof SshTransport overSsh) {
        equip(overSsh, ssh.get());
      }
      if (transport instanceof TransportHttp http) {
        http.setHttpConnectionFactory(new GuardedHttp(url, credentials));
      }
      return question.ask(transport);
    } catch (IOException | RuntimeException e) {
      throw failure(e, ssh.flatMap(SshAccess::refusal));
    }
  }

  private Transport open(@Nullable Repository local) throws IOException {
    if (url.scheme() == GitUrl.Scheme.GIT || url.scheme() == GitUrl.Scheme.SSH) {
      Addresses.require(url.host(), true);
    }
    try {
      URIish uri = new URIish(url.text());
      return local == null ? Transport.open(uri) : Transport.open(local, uri);
    } catch (URISyntaxException e) {
      throw new IOException("spec.url is no URL that Git understands: " + e.getMessage(), e);
    }
  }

  private void equip(SshTransport transport, SshAccess ssh) {
    transport.setSshSessionFactory(ssh.sessions());
    credentials
        .password()
        .ifPresent(
            password ->
                transport.setCredentialsProvider(
                    new UsernamePasswordCredentialsProvider(
                        Optional.ofNullable(transport.getURI().getUser()).orElse("git"),
                        password)));
  }

  private SourceException failure(Exception e, Optional<String> hostKey) {
    return hostKey
        .map(line -> new SourceException(SourceException.HOST_KEY_UNKNOWN, line, e))
        .orElseGet(() -> Failures.of(url, e));
  }
}
