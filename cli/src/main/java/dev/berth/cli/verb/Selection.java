package dev.berth.cli.verb;

import dev.berth.api.LabelSelector;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which objects of a kind: those with some labels, of one namespace or of all.
public final class Selection {
  @Option(
      names = {"-A", "--all-namespaces"},
      description = "In every namespace.")
  boolean everywhere;

  @Option(
      names = {"-l", "--selector"},
      paramLabel = "LABELS",
      description = "Only with these labels: a=b,c!=d,e in (x,y),!f.")
  @Nullable String selector;

  public boolean isEverywhere() {
    return everywhere;
  }

  /// Empty for all of them.
  public String namespace(String inNamespace) {
    return everywhere ? "" : inNamespace;
  }

  public boolean isGiven() {
    return selector != null;
  }

  /// Throws a `Failure` for one that cannot be read.
  public LabelSelector labels() {
    return selector == null ? LabelSelector.EVERYTHING : Parsed.selector(selector);
  }
}
