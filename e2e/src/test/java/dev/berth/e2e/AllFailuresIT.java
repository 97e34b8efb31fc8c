package dev.berth.e2e;

import java.util.List;
import org.junit.jupiter.api.Tag;

/// The whole catalogue: `mvn verify -Plong -pl e2e -am -Dtest=AllFailuresIT
/// -Dsurefire.failIfNoSpecifiedTests=false`.
@Tag("long")
class AllFailuresIT extends FailuresIT {
  @Override
  List<Failure> unlessNamed() {
    return Failures.ALL;
  }
}
