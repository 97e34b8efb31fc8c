package dev.berth.hardening;

import dev.berth.hardening.TarBytes.Header;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/// Layers whose entries are of a bad kind, or say of themselves what is not so.
final class FormatTricks extends Tricks {
  FormatTricks(RandomGenerator random, Path canary) {
    super(random, canary);
  }

  List<Family> families() {
    return List.of(
        new Family("device", this::device),
        new Family("set-user-id and attributes", this::rights),
        new Family("many entries", this::many),
        new Family("claimed size", this::claimedSize),
        new Family("PAX", this::pax),
        new Family("sparse", this::sparse),
        new Family("unknown type", this::unknown),
        new Family("number fields", this::numbers),
        new Family("noise", this::noise));
  }

  private byte[] device() {
    return new TarBytes()
        .device(pick("dev/sda", "disk", "dev/null"), '4', 7, 0)
        .device(pick("dev/mem", "kmsg", ".wh.x"), '3', 1, random.nextInt(12))
        .device("zero", '3', 0, 0)
        .add(TarBytes.header("pipe", '6').mode(07777))
        .file("pipe", "over it")
        .file("disk", "over it")
        .hardLink("again", "disk")
        .ended();
  }

  private byte[] rights() {
    return new TarBytes()
        .pax(
            "SCHILY.xattr.security.capability",
            "\1\0\0\2\377\377\377\377",
            "SCHILY.xattr.trusted.overlay.redirect",
            outside(),
            "SCHILY.xattr.trusted.overlay.opaque",
            "y",
            "SCHILY.xattr.trusted.overlay.metacopy",
            "",
            "SCHILY.xattr.user.overlay.redirect",
            outside(),
            "SCHILY.xattr.system.posix_acl_access",
            "\2",
            "SCHILY.xattr.user." + "n".repeat(random.nextInt(400)),
            "v".repeat(random.nextInt(70_000)))
        .add(
            TarBytes.header("suid", '0').mode(07777).owner(random.nextInt(3), 0),
            TarBytes.raw("#!"))
        .pax("SCHILY.xattr.user.", "x", "SCHILY.xattr.", "x", "LIBARCHIVE.xattr.user.x", "eA==")
        .add(TarBytes.header("dir/", '5').mode(07777))
        .ended();
  }

  private byte[] many() {
    TarBytes tar = new TarBytes();
    int n = 50 + random.nextInt(400);
    String kind = pick("file", "directory", "whiteout", "same");
    for (int i = 0; i < n; i++) {
      switch (kind) {
        case "file" -> tar.file("f" + i, "");
        case "directory" -> tar.directory("d" + i);
        case "whiteout" -> tar.file(".wh.w" + i, "");
        default -> tar.file("same", "x");
      }
    }
    return tar.ended();
  }

  /// More bytes are claimed than come, up to more than any number holds.
  private byte[] claimedSize() {
    long size = 1L << (10 + random.nextInt(53));
    Header header =
        TarBytes.header("big", pick("0", "7", "1", "2", "5", "6").charAt(0))
            .link(TarBytes.raw("x"));
    return random.nextBoolean()
        ? new TarBytes()
            .add(header.binarySize(random.nextBoolean() ? size : -size))
            .content(new byte[700])
            .cut()
        : new TarBytes()
            .pax("size", pick("" + size, "-" + size, "99999999999999999999999", "x", ""))
            .add(header)
            .ended();
  }

  private byte[] pax() {
    String value = pick(outside(), "", "x\0y", "a\n12 b=c", "x".repeat(random.nextInt(20_000)));
    String key =
        pick(
            "path",
            "linkpath",
            "size",
            "uid",
            "gid",
            "mtime",
            "GNU.sparse.name",
            "hdrcharset",
            "SCHILY.dev",
            "GNU.sparse.major",
            "uname",
            "atime",
            "");
    TarBytes tar = new TarBytes();
    switch (random.nextInt(6)) {
      case 0 -> tar.pax(key, value);
      case 1 ->
          tar.paxText(
              pick(
                  "5",
                  "99999999999 path=x\n",
                  "-5 path=x\n",
                  "0 =\n",
                  "12 path",
                  "4 a=\n",
                  "x path=y\n",
                  "11 path=xxxx"));
      case 2 ->
          tar.add(TarBytes.header("g", 'g'), TarBytes.raw("20 path=../../evil\n\n"))
              .pax(key, value);
      case 3 -> tar.pax("mtime", pick("nan", "1e400", "-99999999999999999999", "0x10", "1.2.3"));
      case 4 ->
          tar.pax(
              "uid",
              pick("-1", "4294967296", "99999999999999999999", "root"),
              "gid",
              pick("-5", "65536000000"));
      default ->
          tar.add(TarBytes.header("x", 'x').binarySize(1L << (28 + random.nextInt(8))))
              .content(new byte[2048]);
    }
    return tar.add(
            TarBytes.header("x", pick("0", "2", "1", "5").charAt(0)).link(TarBytes.raw(outside())))
        .ended();
  }

  private byte[] sparse() {
    String real =
        pick("1099511627776", "1152921504606846976", "-1", "9223372036854775807", "4194304", "x");
    return switch (random.nextInt(4)) {
      case 0 ->
          new TarBytes()
              .pax(
                  "GNU.sparse.major",
                  "1",
                  "GNU.sparse.minor",
                  "0",
                  "GNU.sparse.name",
                  outside(),
                  "GNU.sparse.realsize",
                  real)
              .file(
                  "s",
                  pick(
                      "1\n0\n5\n",
                      "2\n0\n5\n1099511627776\n1\n",
                      "999999999\n",
                      "1\n-5\n5\n",
                      "x\n"))
              .ended();
      case 1 ->
          new TarBytes()
              .pax(
                  "GNU.sparse.size",
                  real,
                  "GNU.sparse.numblocks",
                  pick("1", "2", "100000000"),
                  "GNU.sparse.offset",
                  "0",
                  "GNU.sparse.numbytes",
                  "5")
              .file("s", "12345")
              .ended();
      case 2 ->
          new TarBytes()
              .pax(
                  "GNU.sparse.map",
                  pick("0,5,1099511627776,1", "0,5,2,9", "5", "0,-5", "1,2,3,4,5,6,7"),
                  "GNU.sparse.size",
                  real)
              .file("s", "123456")
              .ended();
      default -> {
        Header old = TarBytes.header("s", 'S').size(5).text(257, "ustar  \0");
        old.octal(386, 12, 0)
            .octal(398, 12, 5)
            .octal(410, 12, 1L << (14 + random.nextInt(20)))
            .octal(422, 12, random.nextInt(9));
        old.text(482, pick("\0", "\1")).octal(483, 12, 1L << (16 + random.nextInt(8)));
        yield new TarBytes().add(old).content(TarBytes.raw("12345")).content(new byte[512]).ended();
      }
    };
  }

  private byte[] unknown() {
    char type = (char) random.nextInt(256);
    return new TarBytes()
        .add(
            TarBytes.header("odd", type).link(TarBytes.raw(outside())),
            new byte[random.nextInt(2000)])
        .file("after", "x")
        .ended();
  }

  private byte[] numbers() {
    Header header = TarBytes.header("n", pick("0", "5", "2").charAt(0)).link(TarBytes.raw("t"));
    byte[] junk = new byte[8];
    random.nextBytes(junk);
    header.bytes(pick("a", "b").equals("a") ? 100 : 108, junk);
    if (random.nextBoolean()) {
      header.text(
          136,
          pick(
              "99999999999\0",
              "-1\0",
              "zzzzzzzzzzz\0",
              "           \0",
              "\377\377\377\377\377\377\377\377\377\377\377\377",
              "\200\377\377\377\377\377\377\377\377\377\377\377"));
    }
    if (random.nextBoolean()) {
      header.owner(07777777, 07777777).text(108, "\200\377\377\377\377\377\377\377");
    }
    return new TarBytes().add(header).ended();
  }

  private byte[] noise() {
    byte[] bytes = new byte[random.nextInt(8192)];
    random.nextBytes(bytes);
    return switch (random.nextInt(4)) {
      case 0 -> bytes;
      case 1 -> new byte[bytes.length];
      case 2 -> "this is no archive\n".repeat(100).getBytes(StandardCharsets.US_ASCII);
      default -> new TarBytes().file("ok", "x").content(bytes).ended();
    };
  }
}
