package dev.berth.gitops.port;

import dev.berth.api.Digest;
import java.io.IOException;
import java.nio.file.Path;

/// Where build contexts are pushed: the cluster's own registry, as `berth apply` does it.
@FunctionalInterface
public interface ContextStore {

  /// Stores a packed context as the one layer of an artifact. The same archive twice is fine.
  ///
  /// @param repository `NAMESPACE/NAME-COMPONENT`
  /// @param archive a gzipped tar; read before this returns, the caller deletes it
  /// @param digest of the archive
  /// @return the digest of the artifact's manifest, which names the context in an ImageBuild
  Digest put(String repository, Path archive, Digest digest) throws IOException;
}
