package dev.berth.gitops;

import dev.berth.api.ObjectKey;
import dev.berth.api.gitops.GitRepository;
import dev.berth.api.gitops.GitRepositorySpec;
import dev.berth.gitops.port.Secrets;
import dev.berth.gitops.source.Credentials;
import dev.berth.gitops.source.Patience;
import dev.berth.gitops.source.SourceException;
import dev.berth.gitops.source.SourceRequest;
import java.time.Duration;

/// What a repository asks of its source, with the credentials of its Secret.
final class Sources {
  private static final Patience NETWORK =
      new Patience(Duration.ofSeconds(60), Duration.ofMinutes(15));

  private Sources() {}

  /// @throws SourceException where the Secret is not there
  static SourceRequest request(GitRepository repository, Secrets secrets) throws SourceException {
    GitRepositorySpec spec = repository.spec();
    Credentials credentials = Credentials.NONE;
    if (spec.secretRef().isPresent()) {
      ObjectKey key = new ObjectKey(repository.namespace(), spec.secretRef().get());
      credentials =
          secrets
              .read(key)
              .map(Credentials::new)
              .orElseThrow(
                  () ->
                      new SourceException(
                          SourceException.AUTH_FAILED,
                          "spec.secretRef: there is no Secret " + key + ": create it"));
    }
    return new SourceRequest(spec.url(), spec.ref(), credentials, spec.maxSizeBytes(), NETWORK);
  }
}
