package dev.berth.api.script;

import java.util.BitSet;

/// `*` and `?` of the shell against a value: no backtracking, so no pattern takes long.
final class Wildcard {
  /// Steps that one word may take; more is refused.
  private static final long MOST = 1 << 26;

  private final String glob;

  Wildcard(String glob) {
    this.glob = glob;
  }

  /// The lengths of the starts of `value` that match.
  private BitSet starts(CharSequence value) {
    BitSet reached = new BitSet();
    reached.set(0);
    for (int g = 0; g < glob.length() && !reached.isEmpty(); g++) {
      reached = step(glob.charAt(g), reached, value);
    }
    return reached;
  }

  private static BitSet step(char wanted, BitSet reached, CharSequence value) {
    BitSet next = new BitSet();
    if (wanted == '*') {
      next.set(reached.nextSetBit(0), value.length() + 1);
      return next;
    }
    for (int i = reached.nextSetBit(0);
        i >= 0 && i < value.length();
        i = reached.nextSetBit(i + 1)) {
      if (wanted == '?' || value.charAt(i) == wanted) {
        next.set(i + 1);
      }
    }
    return next;
  }

  private void bound(long steps) {
    if (steps > MOST) {
      throw new BadInstruction(0, "the value is too long for a pattern");
    }
  }

  String withoutStart(String value, boolean longest) {
    bound((long) value.length() * glob.length());
    BitSet starts = starts(value);
    int cut = longest ? starts.length() - 1 : starts.nextSetBit(0);
    return cut < 0 ? value : value.substring(cut);
  }

  String withoutEnd(String value, boolean longest) {
    String turned = new StringBuilder(value).reverse().toString();
    String rest =
        new Wildcard(new StringBuilder(glob).reverse().toString()).withoutStart(turned, longest);
    return new StringBuilder(rest).reverse().toString();
  }

  /// The longest match at the leftmost place, or everywhere.
  String replaced(String value, String with, boolean every) {
    bound((long) value.length() * value.length() * Math.max(1, glob.length()));
    StringBuilder out = new StringBuilder();
    int at = 0;
    boolean more = true;
    while (at < value.length()) {
      int length = more ? starts(value.substring(at)).length() - 1 : 0;
      if (length > 0) {
        out.append(with);
        at += length;
        more = every;
      } else {
        out.append(value.charAt(at++));
      }
    }
    return out.toString();
  }
}
