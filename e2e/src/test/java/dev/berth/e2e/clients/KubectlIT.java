package dev.berth.e2e.clients;

import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// kubectl: in the ordinary run the last version that knows OpenAPI v2 alone, and the last there
/// is.
class KubectlIT extends ClientsIT {
  KubectlIT() {
    super("kubectl", Set.of("1.24", "1.36"), KubectlCommands.all());
  }

  @Test
  @Tag("conformance:kubectl/2")
  @Tag("conformance:kubectl/3")
  @Tag("conformance:kubectl/5")
  @Tag("conformance:kubectl/6")
  @Tag("conformance:kubectl/9")
  @Tag("conformance:kubectl/12")
  @Tag("conformance-part:kubectl/4")
  @Tag("conformance-part:kubectl/7")
  @Tag("conformance-part:kubectl/8")
  void aSampleOfVersionsDoesWhatThePageSays() throws Exception {
    judgeSample();
  }
}
