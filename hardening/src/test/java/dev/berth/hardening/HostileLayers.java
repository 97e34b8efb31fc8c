package dev.berth.hardening;

import com.github.luben.zstd.Zstd;
import dev.berth.hardening.TarBytes.Header;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;

/// Bad layers from a seed. Each family is one known way to hurt an unpacker; the seed picks the
/// family, its names and numbers, the compression, and how the bytes are damaged afterwards.
final class HostileLayers {
  /// `honest`: the digest is that of the archive, so that only its content is wrong.
  @SuppressWarnings("ArrayRecordComponent") // made here, read once, never compared
  record Layer(String family, byte[] archive, byte[] bytes, boolean honest) {}

  private record Family(String name, Function<HostileLayers, byte[]> make) {}

  private static final List<Family> FAMILIES =
      List.of(
          new Family("dot-dot", HostileLayers::dotDot),
          new Family("absolute", HostileLayers::absolute),
          new Family("write through a link", HostileLayers::throughLink),
          new Family("link loop", HostileLayers::loop),
          new Family("hard link out", HostileLayers::hardLinkOut),
          new Family("device", HostileLayers::device),
          new Family("set-user-id and attributes", HostileLayers::rights),
          new Family("whiteout", HostileLayers::whiteout),
          new Family("many entries", HostileLayers::many),
          new Family("claimed size", HostileLayers::claimedSize),
          new Family("deep", HostileLayers::deep),
          new Family("long name", HostileLayers::longName),
          new Family("PAX", HostileLayers::pax),
          new Family("duplicate", HostileLayers::duplicate),
          new Family("sparse", HostileLayers::sparse),
          new Family("bytes in names", HostileLayers::badName),
          new Family("type swap", HostileLayers::swap),
          new Family("unknown type", HostileLayers::unknown),
          new Family("number fields", HostileLayers::numbers),
          new Family("noise", HostileLayers::noise));

  private final RandomGenerator random;
  private final String canary;

  HostileLayers(RandomGenerator random, Path canary) {
    this.random = random;
    this.canary = canary.toString();
  }

  Layer next() {
    Family family = FAMILIES.get(random.nextInt(FAMILIES.size()));
    byte[] archive = family.make().apply(this);
    byte[] packed = pack(archive);
    int damage = random.nextInt(12);
    if (damage == 0 && packed.length > 40) {
      return new Layer(family.name() + ", cut", archive, cut(packed), false);
    }
    if (damage == 1 && packed.length > 40) {
      return new Layer(family.name() + ", flipped", archive, flip(packed), false);
    }
    if (damage == 2) {
      return new Layer(family.name() + ", wrong digest", new byte[] {1}, packed, false);
    }
    return new Layer(family.name(), archive, packed, true);
  }

  private byte[] pack(byte[] archive) {
    return switch (random.nextInt(4)) {
      case 0 -> archive;
      case 1 -> Zstd.compress(archive, 1);
      default -> gzip(archive);
    };
  }

  private static byte[] gzip(byte[] archive) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(archive);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private byte[] cut(byte[] bytes) {
    return java.util.Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length - 1));
  }

  private byte[] flip(byte[] bytes) {
    byte[] flipped = bytes.clone();
    for (int i = 0; i <= random.nextInt(8); i++) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return flipped;
  }

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String up() {
    return "../".repeat(1 + random.nextInt(12));
  }

  /// Ways to say a place outside, by name.
  private String outside() {
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

  private String outsideDirectory() {
    return pick(
        canary,
        up() + "canary",
        up() + canary.substring(1),
        "/proc/self/root" + canary,
        "..",
        "/",
        ".");
  }

  private byte[] dotDot() {
    String name =
        pick("a/../" + outside(), outside(), "a/b/../../../" + up() + "x", "..", "a/..", "./..");
    return new TarBytes()
        .directory("a")
        .add(TarBytes.header(name, '0'), TarBytes.raw("evil"))
        .ended();
  }

  private byte[] absolute() {
    String name = pick(canary + "/file", "/etc/berth-evil", "///" + canary + "/new", "/", "//");
    return new TarBytes()
        .file(name, "evil")
        .directory(canary + "/dir")
        .symlink(canary + "/link", "x")
        .ended();
  }

  private byte[] throughLink() {
    String link = pick("a", "a/b", "etc/x", "usr/lib/x");
    TarBytes tar = new TarBytes().symlink(link, outsideDirectory());
    String inside =
        link + "/" + pick("file", "new", "sub/new", ".wh.file", ".wh..wh..opq", "..wh.file");
    return switch (random.nextInt(6)) {
      case 0 -> tar.file(inside, "evil").ended();
      case 1 -> tar.directory(inside).file(inside + "/y", "evil").ended();
      case 2 -> tar.symlink(inside, outside()).file(inside, "evil").ended();
      case 3 -> tar.hardLink("h", link + "/file").file("h", "evil").ended();
      case 4 ->
          tar.add(TarBytes.header(link, '5').mode(0).owner(7, 7)).file(link + "/file", "e").ended();
      default -> tar.device(inside, '3', 1, 3).add(TarBytes.header(link + "/file", '6')).ended();
    };
  }

  private byte[] loop() {
    TarBytes tar = new TarBytes().symlink("a", "b").symlink("b", "a").symlink("self", "self/self");
    int n = 2 + random.nextInt(60);
    for (int i = 0; i < n; i++) {
      tar.symlink("l" + i, "l" + (i + 1) % n);
    }
    return tar.file(pick("a/x", "self/x", "l0/x/y", "l1"), "evil").hardLink("h", "a/x").ended();
  }

  private byte[] hardLinkOut() {
    return new TarBytes()
        .symlink("d", outsideDirectory())
        .hardLink("h", pick(outside(), "d/file", "d/../canary/file", "h", "", ".", "nothing", "d"))
        .file("h", "evil")
        .add(TarBytes.header("h", '0').mode(04777).owner(1, 1), TarBytes.raw("more"))
        .ended();
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

  private byte[] whiteout() {
    String name =
        pick(
            ".wh...",
            ".wh..",
            ".wh.",
            ".wh..wh..opq",
            ".wh..wh.aufs",
            ".wh..wh.plnk/x",
            ".wh..wh..opq/x",
            ".wh.a/b",
            ".wh./..");
    return new TarBytes()
        .symlink("link", outsideDirectory())
        .file(pick("", "link/", "x/", "link/x/") + name, pick("", "content"))
        .directory(name)
        .symlink(pick("", "link/") + ".wh.file", outside())
        .file(".wh.file", "")
        .file("file", "back again")
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

  private byte[] deep() {
    String part = pick("a/", "b".repeat(200) + "/", "./", "//", "é/");
    String path =
        part.repeat(Math.max(1, 20_000 / part.length() / (1 + random.nextInt(8)))) + "end";
    TarBytes tar = new TarBytes();
    return (random.nextBoolean() ? tar.longName('L', TarBytes.raw(path)) : tar.pax("path", path))
        .add(TarBytes.header("short", pick("0", "5", "2").charAt(0)).link(TarBytes.raw("t")))
        .ended();
  }

  private byte[] longName() {
    String name = pick("n", "/", "\0", "é").repeat(1 + random.nextInt(5000));
    return switch (random.nextInt(4)) {
      case 0 -> new TarBytes().longName('L', TarBytes.raw(name)).file("x", "evil").ended();
      case 1 -> new TarBytes().longName('K', TarBytes.raw(name)).symlink("x", "y").ended();
      case 2 -> // the name alone claims gigabytes
          new TarBytes()
              .add(TarBytes.header("././@LongLink", 'L').binarySize(3L << 30))
              .content(new byte[4096])
              .cut();
      default ->
          new TarBytes()
              .longName('L', TarBytes.raw(outside()))
              .longName('L', new byte[0])
              .file("x", "")
              .ended();
    };
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

  private byte[] duplicate() {
    TarBytes tar = new TarBytes();
    for (int i = 0; i < 20 + random.nextInt(40); i++) {
      String name = pick("a", "a/b", "a/b/c", "./a", "a/", "a//b");
      switch (random.nextInt(5)) {
        case 0 -> tar.file(name, "x");
        case 1 -> tar.directory(name);
        case 2 -> tar.symlink(name, pick("a", "b", outsideDirectory()));
        case 3 -> tar.hardLink(name, pick("a", "a/b", "b"));
        default -> tar.file(name.replaceFirst("([^/]*/?)$", ".wh.$1"), "");
      }
    }
    return tar.ended();
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

  private byte[] badName() {
    byte[] name = new byte[1 + random.nextInt(99)];
    random.nextBytes(name);
    TarBytes tar = new TarBytes().add(new Header(name, '0'), TarBytes.raw("x"));
    random.nextBytes(name);
    return tar.add(new Header(name, '2').link(name))
        .add(
            TarBytes.header("\u0080\u00ff/\u00c0\u00ae\u00c0\u00ae/x", '0'),
            TarBytes.raw("overlong dots"))
        .add(TarBytes.header("new\nline\u001b[2J", '5'))
        .ended();
  }

  private byte[] swap() {
    TarBytes tar =
        new TarBytes().directory("a").file("a/f", "x").directory("a/d").file("a/d/g", "y");
    for (int i = 0; i < 1 + random.nextInt(5); i++) {
      switch (random.nextInt(4)) {
        case 0 -> tar.symlink(pick("a", "a/d"), outsideDirectory());
        case 1 -> tar.file(pick("a", "a/d"), "now a file");
        case 2 -> tar.directory(pick("a", "a/f", "a/d"));
        default -> tar.add(TarBytes.header(pick("a", "a/f"), '6'));
      }
      tar.file(pick("a/f", "a/d/g", "a/file"), "evil");
    }
    return tar.ended();
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
