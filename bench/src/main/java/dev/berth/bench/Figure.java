package dev.berth.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Collection;

/// Numbers as a person reads them: three digits that count.
final class Figure {
  private static final MathContext THREE = new MathContext(3, RoundingMode.HALF_UP);

  private Figure() {}

  static String of(double value) {
    if (value >= 1_000) {
      return Long.toString(Math.round(value));
    }
    return new BigDecimal(value).round(THREE).stripTrailingZeros().toPlainString();
  }

  /// @throws IllegalArgumentException of none
  static double median(Collection<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no values have no median");
    }
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
