package dev.berth.hardening;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes tar archives without any of a library's manners: every field may say anything.
final class TarBytes {
  static final int BLOCK = 512;
  private static final int SIZE_AT = 124;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /// One header block, to be bent before it is added.
  static final class Header {
    private final byte[] block = new byte[BLOCK];

    Header(byte[] name, char type) {
      System.arraycopy(name, 0, block, 0, Math.min(100, name.length));
      octal(100, 8, 0644);
      octal(108, 8, 0);
      octal(116, 8, 0);
      octal(SIZE_AT, 12, 0);
      octal(136, 12, 1_700_000_000L);
      block[156] = (byte) type;
      text(257, "ustar\00000");
    }

    Header octal(int at, int width, long value) {
      text(at, "%0".concat(width - 1 + "o").formatted(value));
      return this;
    }

    Header text(int at, String text) {
      byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(bytes, 0, block, at, Math.min(bytes.length, BLOCK - at));
      return this;
    }

    Header bytes(int at, byte... bytes) {
      System.arraycopy(bytes, 0, block, at, bytes.length);
      return this;
    }

    Header mode(int mode) {
      return octal(100, 8, mode);
    }

    Header owner(long uid, long gid) {
      return octal(108, 8, uid).octal(116, 8, gid);
    }

    Header size(long size) {
      return octal(SIZE_AT, 12, size);
    }

    /// GNU's binary form, which can say negative sizes and sizes beyond any disk.
    Header binarySize(long size) {
      byte[] field = new byte[12];
      Arrays.fill(field, (byte) (size < 0 ? 0xff : 0));
      field[0] = (byte) (size < 0 ? 0xff : 0x80);
      for (int i = 0; i < 8; i++) {
        field[11 - i] = (byte) (size >> (8 * i));
      }
      return bytes(SIZE_AT, field);
    }

    Header link(byte[] target) {
      System.arraycopy(target, 0, block, 157, Math.min(100, target.length));
      return this;
    }

    Header device(int major, int minor) {
      return octal(329, 8, major).octal(337, 8, minor);
    }

    byte[] sealed() {
      Arrays.fill(block, 148, 156, (byte) ' ');
      int sum = 0;
      for (byte b : block) {
        sum += b & 0xff;
      }
      text(148, "%06o\0 ".formatted(sum));
      return block;
    }
  }

  static byte[] raw(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static Header header(String name, char type) {
    return new Header(raw(name), type);
  }

  TarBytes add(Header header) {
    out.writeBytes(header.sealed());
    return this;
  }

  TarBytes add(Header header, byte[] content) {
    return add(header.size(content.length)).content(content);
  }

  TarBytes content(byte[] content) {
    out.writeBytes(content);
    out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    return this;
  }

  TarBytes file(String name, String content) {
    return add(header(name, '0'), raw(content));
  }

  TarBytes directory(String name) {
    return add(header(name + "/", '5').mode(0755));
  }

  TarBytes symlink(String name, String target) {
    return add(header(name, '2').mode(0777).link(raw(target)));
  }

  TarBytes hardLink(String name, String target) {
    return add(header(name, '1').link(raw(target)));
  }

  TarBytes device(String name, char type, int major, int minor) {
    return add(header(name, type).device(major, minor));
  }

  /// Records `length key=value` before the next entry.
  TarBytes pax(String... keysAndValues) {
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      records.append(record(keysAndValues[i], keysAndValues[i + 1]));
    }
    return paxText(records.toString());
  }

  TarBytes paxText(String records) {
    return add(header("PaxHeaders/x", 'x'), raw(records));
  }

  private static String record(String key, String value) {
    int bare = key.length() + value.length() + 3;
    int length = bare + Integer.toString(bare).length();
    if (Integer.toString(length).length() > Integer.toString(bare).length()) {
      length++;
    }
    return length + " " + key + "=" + value + "\n";
  }

  /// GNU's long name: an entry whose content is the next one's name.
  TarBytes longName(char type, byte[] name) {
    return add(header("././@LongLink", type), name);
  }

  byte[] ended() {
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  byte[] cut() {
    return out.toByteArray();
  }
}
