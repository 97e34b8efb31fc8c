package dev.berth.api.modelapp;

import java.util.Arrays;

/// What the endpoint speaks; `AUTO` is found out by probing.
public enum Protocol {
  AUTO("auto"),
  OPEN_INFERENCE("open-inference"),
  OPENAI("openai"),
  HTTP("http");

  private final String text;

  Protocol(String text) {
    this.text = text;
  }

  /// As the manifest writes it.
  public String text() {
    return text;
  }

  public static Protocol parse(String text) {
    return Arrays.stream(values())
        .filter(protocol -> protocol.text.equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not a protocol: " + text));
  }

  @Override
  public String toString() {
    return text;
  }
}
