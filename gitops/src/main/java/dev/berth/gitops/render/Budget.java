package dev.berth.gitops.render;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/// What one render may hold in memory: numbers that no set of manifests needs. A file that is
/// reached twice counts twice, an alias as what it stands for, a variable as its value, and a patch
/// for each object that grows by it.
final class Budget {
  static final int MAX_BYTES = 8 << 20;
  static final int MAX_READS = 10_000;
  static final int MAX_OBJECTS = 5_000;
  static final int MAX_VALUES = 500_000;
  private static final String LESS = ": set spec.path or exclude, or make several repositories";

  private long bytes;
  private int reads;
  private int objects;
  private long values;

  void read(long more) throws IOException {
    bytes(more);
    if (++reads > MAX_READS) {
      throw new IOException("more than " + MAX_READS + " manifests are read" + LESS);
    }
  }

  void bytes(long more) throws IOException {
    bytes += Math.max(0, more);
    if (bytes > MAX_BYTES) {
      throw new IOException("the manifests have more than " + (MAX_BYTES >> 20) + " MiB" + LESS);
    }
  }

  void object() throws IOException {
    if (++objects > MAX_OBJECTS) {
      throw new IOException("the manifests have more than " + MAX_OBJECTS + " objects" + LESS);
    }
  }

  void values(long more) throws IOException {
    values += Math.max(0, more);
    if (values > MAX_VALUES) {
      throw new IOException(
          "the manifests have more than "
              + MAX_VALUES
              + " values, aliases counted as what they stand for"
              + LESS);
    }
  }

  static long valuesOf(JsonNode node) {
    long count = 1;
    for (JsonNode child : node) {
      count += valuesOf(child);
    }
    return count;
  }
}
