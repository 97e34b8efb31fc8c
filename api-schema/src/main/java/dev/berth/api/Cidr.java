package dev.berth.api;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An IPv4 network such as `10.244.0.0/16`; host bits are cleared.
public record Cidr(int base, int prefix) {
  private static final Pattern FORM = Pattern.compile("(.+)/([0-9]{1,2})");
  private static final Pattern ADDRESS =
      Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})");

  public Cidr {
    if (prefix < 0 || prefix > 32) {
      throw new IllegalArgumentException("prefix length out of 0..32: " + prefix);
    }
    base &= mask(prefix);
  }

  public static Cidr parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("not a network (A.B.C.D/N): " + text);
    }
    long address =
        address(form.group(1))
            .orElseThrow(() -> new IllegalArgumentException("not a network (A.B.C.D/N): " + text));
    return new Cidr((int) address, Integer.parseInt(form.group(2)));
  }

  /// The 32 bits of a dotted address, or nothing where the text is none.
  public static OptionalLong address(String text) {
    Matcher form = ADDRESS.matcher(text);
    if (!form.matches()) {
      return OptionalLong.empty();
    }
    long bits = 0;
    for (int i = 1; i <= 4; i++) {
      int part = Integer.parseInt(form.group(i));
      if (part > 255) {
        return OptionalLong.empty();
      }
      bits = bits << 8 | part;
    }
    return OptionalLong.of(bits);
  }

  public static String dotted(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }

  private static int mask(int prefix) {
    return prefix == 0 ? 0 : -1 << (32 - prefix);
  }

  /// How many addresses it has, network and broadcast included.
  public long size() {
    return 1L << (32 - prefix);
  }

  public boolean contains(String address) {
    OptionalLong bits = address(address);
    return bits.isPresent() && contains((int) bits.getAsLong());
  }

  private boolean contains(int address) {
    return (address & mask(prefix)) == base;
  }

  public boolean overlaps(Cidr other) {
    return contains(other.base) || other.contains(base);
  }

  /// The n-th address; 0 is the network's own.
  public String nth(long n) {
    if (n < 0 || n >= size()) {
      throw new IllegalArgumentException(this + " has no address number " + n);
    }
    return dotted((int) (Integer.toUnsignedLong(base) + n));
  }

  /// The n-th network of the given longer prefix inside this one.
  public Cidr subnet(int longerPrefix, int n) {
    if (longerPrefix < prefix || longerPrefix > 32 || n < 0 || n >= 1L << (longerPrefix - prefix)) {
      throw new IllegalArgumentException(this + " has no /" + longerPrefix + " number " + n);
    }
    return new Cidr(
        (int) (Integer.toUnsignedLong(base) + ((long) n << (32 - longerPrefix))), longerPrefix);
  }

  public String network() {
    return dotted(base);
  }

  @Override
  public String toString() {
    return dotted(base) + "/" + prefix;
  }
}
