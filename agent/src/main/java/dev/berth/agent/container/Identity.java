package dev.berth.agent.container;

import java.util.List;

/// As whom a container's processes run: what a later command in it needs, kept beside the state so
/// that it is known after a crash of the agent.
public record Identity(User user, List<String> environment, String workingDirectory) {
  static final String FILE = "identity.json";

  public Identity {
    environment = List.copyOf(environment);
  }

  static Identity of(ContainerSpec spec) {
    return new Identity(spec.user(), spec.environment(), spec.workingDirectory());
  }
}
