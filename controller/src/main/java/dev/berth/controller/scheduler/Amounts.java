package dev.berth.controller.scheduler;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Amounts as people say them.
final class Amounts {
  private static final long MEBI = 1L << 20;
  private static final long GIBI = 1L << 30;

  private Amounts() {}

  static String cpu(long milli) {
    return plain(BigDecimal.valueOf(Math.max(0, milli), 3));
  }

  static String memory(long bytes) {
    long shown = Math.max(0, bytes);
    return shown >= GIBI ? in(shown, GIBI) + " GiB" : shown / MEBI + " MiB";
  }

  private static String in(long bytes, long unit) {
    return plain(
        BigDecimal.valueOf(bytes).divide(BigDecimal.valueOf(unit), 1, RoundingMode.HALF_EVEN));
  }

  private static String plain(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }
}
