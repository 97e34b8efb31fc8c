package dev.berth.cli.verb;

import picocli.CommandLine.Option;

/// Which container of a pod.
public final class ContainerOption {
  @Option(
      names = {"-c", "--container"},
      paramLabel = "NAME",
      defaultValue = "",
      description = "This container of the pod.")
  String container = "";

  /// Empty where none is named.
  public String name() {
    return container;
  }
}
