package dev.berth.e2e.clients;

import java.util.Set;
import org.junit.jupiter.api.Test;

/// helm: in the ordinary run the first version that applies on the server's side.
class HelmIT extends ClientsIT {
  HelmIT() {
    super("helm", Set.of("4.2"), HelmCommands.all());
  }

  @Test
  void aSampleOfVersionsDoesWhatThePageSays() throws Exception {
    judgeSample();
  }
}
