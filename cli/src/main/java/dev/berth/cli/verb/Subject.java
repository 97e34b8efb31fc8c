package dev.berth.cli.verb;

import dev.berth.api.Kinds;
import dev.berth.client.ApiClient;
import java.util.List;
import picocli.CommandLine.Parameters;

/// The one object that is rolled out.
public final class Subject {
  @Parameters(
      paramLabel = "TYPE/NAME",
      arity = "1..2",
      description = "A ModelApp or a Deployment; a NAME alone finds either.")
  List<String> words = List.of();

  /// Throws a `Failure` where there is none.
  public Named named(ApiClient client, String inNamespace) {
    return Named.of(client, words, inNamespace, List.of(Kinds.MODEL_APP, Kinds.DEPLOYMENT));
  }
}
