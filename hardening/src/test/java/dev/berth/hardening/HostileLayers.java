package dev.berth.hardening;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// Bad layers from a seed. Each family is one known way to hurt an unpacker; the seed picks the
/// family, its names and numbers, the compression, and how the bytes are damaged afterwards.
final class HostileLayers {
  /// `honest`: the digest is that of the archive, so that only its content is wrong.
  @SuppressWarnings("ArrayRecordComponent") // made here, read once, never compared
  record Layer(String family, byte[] archive, byte[] bytes, boolean honest) {}

  private final RandomGenerator random;
  private final List<Tricks.Family> families;

  HostileLayers(RandomGenerator random, Path canary) {
    this.random = random;
    this.families =
        Stream.of(
                new PathTricks(random, canary).families(),
                new FormatTricks(random, canary).families())
            .flatMap(List::stream)
            .toList();
  }

  Layer next() {
    Tricks.Family family = families.get(random.nextInt(families.size()));
    byte[] archive = family.make().get();
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
}
