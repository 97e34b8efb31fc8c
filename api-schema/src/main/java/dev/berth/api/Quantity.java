package dev.berth.api;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An amount of a resource: `100m`, `128Mi`, `1e3`. As in Kubernetes the least unit is a nano
/// (finer amounts are rounded up) and the greatest is 2^63-1 (greater ones are that). The text form
/// keeps the family of suffixes it was written in.
public record Quantity(BigDecimal amount, Family family) implements Comparable<Quantity> {

  public enum Family {
    DECIMAL,
    BINARY,
    EXPONENT
  }

  private static final Pattern FORM =
      Pattern.compile(
          "([+-]?)([0-9]+\\.?[0-9]*|\\.[0-9]+)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,9}))?");
  private static final int MAX_TEXT = 64;
  private static final BigDecimal MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private static final String DECIMAL_SUFFIXES = "num kMGTPE";
  private static final String BINARY_SUFFIXES = "KMGTPE";

  /// After the limits that its constructor reads.
  public static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Family.DECIMAL);

  public Quantity {
    amount = clamp(amount);
  }

  public static Quantity of(long value) {
    return new Quantity(BigDecimal.valueOf(value), Family.DECIMAL);
  }

  public static Quantity ofMilli(long milli) {
    return new Quantity(BigDecimal.valueOf(milli, 3), Family.DECIMAL);
  }

  public static Quantity ofBytes(long bytes) {
    return new Quantity(BigDecimal.valueOf(bytes), Family.BINARY);
  }

  public static Quantity parse(String text) {
    return tryParse(text)
        .orElseThrow(
            () -> new IllegalArgumentException("not a quantity (100m, 1.5, 128Mi, 1e3): " + text));
  }

  public static Optional<Quantity> tryParse(String text) {
    if (text.length() > MAX_TEXT) {
      return Optional.empty();
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    BigDecimal number = new BigDecimal(form.group(2));
    BigDecimal signed = form.group(1).equals("-") ? number.negate() : number;
    if (form.group(4) != null) {
      return Optional.of(withExponent(signed, Integer.parseInt(form.group(4))));
    }
    String suffix = form.group(3) == null ? "" : form.group(3);
    return Optional.of(
        suffix.endsWith("i")
            ? new Quantity(signed.multiply(binary(suffix.charAt(0))), Family.BINARY)
            : new Quantity(
                signed.scaleByPowerOfTen(
                    suffix.isEmpty() ? 0 : 3 * (DECIMAL_SUFFIXES.indexOf(suffix) - 3)),
                Family.DECIMAL));
  }

  /// An exponent is clamped before it is applied: `1e999999999` must cost nothing.
  private static Quantity withExponent(BigDecimal number, int exponent) {
    int clamped = Math.clamp(exponent, -2 * MAX_TEXT, 2 * MAX_TEXT);
    return new Quantity(number.scaleByPowerOfTen(clamped), Family.EXPONENT);
  }

  private static BigDecimal binary(char suffix) {
    return new BigDecimal(BigInteger.ONE.shiftLeft(10 * (BINARY_SUFFIXES.indexOf(suffix) + 1)));
  }

  private static BigDecimal clamp(BigDecimal amount) {
    BigDecimal bounded = amount.min(MAX).max(MAX.negate());
    BigDecimal nano = bounded.scale() > 9 ? bounded.setScale(9, RoundingMode.UP) : bounded;
    return nano.signum() == 0 ? BigDecimal.ZERO : nano.stripTrailingZeros();
  }

  /// Whole units, rounded up.
  public long value() {
    return amount.setScale(0, RoundingMode.CEILING).longValueExact();
  }

  /// Thousandths, rounded up; the greatest long where there are more.
  public long milli() {
    BigDecimal milli = amount.movePointRight(3).setScale(0, RoundingMode.CEILING);
    return milli.min(MAX).max(MAX.negate()).longValueExact();
  }

  public Quantity plus(Quantity other) {
    return new Quantity(amount.add(other.amount), family);
  }

  public Quantity minus(Quantity other) {
    return new Quantity(amount.subtract(other.amount), family);
  }

  public boolean isNegative() {
    return amount.signum() < 0;
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }

  /// The canonical text: no fraction, the greatest suffix of the family that allows it.
  @Override
  public String toString() {
    if (amount.signum() == 0) {
      return "0";
    }
    boolean wholeAndLarge =
        amount.scale() <= 0 && amount.abs().compareTo(BigDecimal.valueOf(1024)) >= 0;
    return family == Family.BINARY && wholeAndLarge ? binaryText() : decimalText();
  }

  private String binaryText() {
    BigInteger rest = amount.toBigIntegerExact();
    int power = 0;
    while (power < BINARY_SUFFIXES.length() && rest.getLowestSetBit() >= 10) {
      rest = rest.shiftRight(10);
      power++;
    }
    return power == 0 ? rest.toString() : rest.toString() + BINARY_SUFFIXES.charAt(power - 1) + "i";
  }

  private String decimalText() {
    int power = -3;
    while (power < 6 && isWhole(amount.movePointLeft(3 * (power + 1)))) {
      power++;
    }
    String number = amount.movePointLeft(3 * power).toBigIntegerExact().toString();
    if (power == 0) {
      return number;
    }
    return family == Family.EXPONENT
        ? number + "e" + 3 * power
        : number + DECIMAL_SUFFIXES.charAt(power + 3);
  }

  private static boolean isWhole(BigDecimal number) {
    return number.stripTrailingZeros().scale() <= 0;
  }
}
