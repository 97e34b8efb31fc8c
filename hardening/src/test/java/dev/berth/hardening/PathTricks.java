package dev.berth.hardening;

import dev.berth.hardening.TarBytes.Header;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;

/// Layers whose names and links lead somewhere else than into the layer's directory.
final class PathTricks extends Tricks {
  PathTricks(RandomGenerator random, Path canary) {
    super(random, canary);
  }

  List<Family> families() {
    return List.of(
        new Family("dot-dot", this::dotDot),
        new Family("absolute", this::absolute),
        new Family("write through a link", this::throughLink),
        new Family("link loop", this::loop),
        new Family("hard link out", this::hardLinkOut),
        new Family("whiteout", this::whiteout),
        new Family("deep", this::deep),
        new Family("long name", this::longName),
        new Family("duplicate", this::duplicate),
        new Family("bytes in names", this::badName),
        new Family("type swap", this::swap),
        new Family("times elsewhere", this::timesElsewhere),
        new Family("long in bytes", this::longInBytes));
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

  /// Times are set last, when what had the name of a directory leads elsewhere.
  private byte[] timesElsewhere() {
    String parent = pick("a", "a/b", "etc");
    return new TarBytes()
        .directory(parent)
        .directory(parent + "/" + pick("dir", "dir/x", "x"))
        .directory(parent + "/dir")
        .symlink(pick(parent, parent.replaceFirst("/.*", "")), outsideDirectory())
        .ended();
  }

  /// Few characters and many bytes: what is counted in the one is too long in the other.
  private byte[] longInBytes() {
    String letter =
        new String("\u00e9".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    String path = (letter.repeat(120) + "/").repeat(16 + random.nextInt(6)) + "end";
    return new TarBytes()
        .pax("path", path)
        .add(TarBytes.header("short", pick("0", "5", "2").charAt(0)).link(TarBytes.raw("t")))
        .ended();
  }
}
