package dev.berth.controller.modelapp;

/// What a condition says: whether it holds, and one word and one sentence why.
record Finding(boolean holds, String reason, String message) {
  static Finding yes(String reason, String message) {
    return new Finding(true, reason, message);
  }

  static Finding no(String reason, String message) {
    return new Finding(false, reason, message);
  }
}
