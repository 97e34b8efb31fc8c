package dev.berth.hardening;

import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Ways to hurt an unpacker, with names and numbers from a seed.
abstract class Tricks {
  /// One known way; each call makes another archive.
  record Family(String name, Supplier<byte[]> make) {}

  final RandomGenerator random;
  final String canary;

  Tricks(RandomGenerator random, Path canary) {
    this.random = random;
    this.canary = canary.toString();
  }

  final String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  final String up() {
    return "../".repeat(1 + random.nextInt(12));
  }

  /// Ways to say a place outside, by name.
  final String outside() {
    return pick(
        up() + "canary/file",
        up() + canary.substring(1) + "/file",
        canary + "/file",
        "/proc/self/cwd/canary",
        "/proc/self/root" + canary + "/file",
        "/proc/1/root" + canary + "/file",
        "/proc/self/fd/" + random.nextInt(64) + "/canary",
        "//" + canary + "//file",
        "./" + up() + "canary/new");
  }

  final String outsideDirectory() {
    return pick(
        canary,
        up() + "canary",
        up() + canary.substring(1),
        "/proc/self/root" + canary,
        "..",
        "/",
        ".");
  }
}
