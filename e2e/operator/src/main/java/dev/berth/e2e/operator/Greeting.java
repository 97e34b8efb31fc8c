package dev.berth.e2e.operator;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;

/// The kind that the operator knows; its definition is the test's to create.
@Group("proofs.berth.dev")
@Version("v1")
public final class Greeting extends CustomResource<Greeting.Spec, Greeting.Status>
    implements Namespaced {
  private static final long serialVersionUID = 1;

  /// What a person wants; public fields, as the library's mapper takes them.
  public static final class Spec {
    public String text = "";
  }

  /// What was done about it last, and for which generation.
  public static final class Status {
    public String said = "";
    public long observedGeneration;
  }
}
