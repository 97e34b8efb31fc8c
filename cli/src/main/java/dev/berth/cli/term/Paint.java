package dev.berth.cli.term;

/// The few colours in use. `of` returns the bare text where colours are off.
public enum Paint {
  BOLD("1"),
  DIM("2"),
  RED("31"),
  GREEN("32"),
  YELLOW("33"),
  BLUE("34"),
  MAGENTA("35"),
  CYAN("36");

  private static final Paint[] PODS = {CYAN, GREEN, YELLOW, MAGENTA, BLUE};

  private final String code;

  Paint(String code) {
    this.code = code;
  }

  public String of(String text, boolean colours) {
    return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }

  /// The same pod has the same colour in every run.
  public static Paint forName(String name) {
    return PODS[Math.floorMod(name.hashCode(), PODS.length)];
  }
}
