package dev.berth.cli.verb;

import dev.berth.api.ApiException;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Terminal;
import dev.berth.client.ApiClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A verb that asks the server, in a namespace.
public abstract class ClientVerb extends Verb {
  @Mixin protected final Server server = new Server();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "Namespace (the kubeconfig's, else default).")
  @Nullable String namespace;

  protected ClientVerb(Terminal terminal) {
    super(terminal);
  }

  /// What `-n` said; verbs that look everywhere by default look only there.
  protected Optional<String> givenNamespace() {
    return Optional.ofNullable(namespace);
  }

  protected abstract Exit run(ApiClient client, String inNamespace) throws Exception;

  @Override
  protected final Exit run() throws Exception {
    try (ApiClient client = server.open()) {
      return run(client, namespace == null ? client.defaultNamespace() : namespace);
    } catch (ApiException e) {
      throw Problems.isUnreachable(e)
          ? Problems.unreachable(e.error().message(), server.whereToLook())
          : e;
    }
  }

  /// What to add to a hint so that it finds the same objects.
  protected String sameServer(ApiClient client, String inNamespace) {
    return server.asOptions()
        + (inNamespace.isEmpty() || inNamespace.equals(client.defaultNamespace())
            ? ""
            : " -n " + inNamespace);
  }
}
