package dev.berth.gitops.source;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.transport.PackParser;

/// A bare repository that takes no more than so many bytes in one fetch, whatever the transport:
/// the pack is counted on its way to the disk, so that a single endless file is noticed too.
final class LimitedRepository extends FileRepository {
  private volatile long mostBytes = Long.MAX_VALUE;

  LimitedRepository(File folder) throws IOException {
    super(folder);
  }

  /// For the fetches that begin from now on.
  void limit(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  @Override
  public ObjectInserter newObjectInserter() {
    return new Inserter(super.newObjectInserter(), mostBytes);
  }

  private static final class Inserter extends ObjectInserter.Filter {
    private final ObjectInserter inserter;
    private final long mostBytes;

    Inserter(ObjectInserter inserter, long mostBytes) {
      this.inserter = inserter;
      this.mostBytes = mostBytes;
    }

    @Override
    protected ObjectInserter delegate() {
      return inserter;
    }

    @Override
    public PackParser newPackParser(InputStream in) throws IOException {
      PackParser parser = super.newPackParser(Limits.limited(in, mostBytes));
      parser.setMaxObjectSizeLimit((long) Limits.OBJECT_MIB << 20);
      return parser;
    }
  }
}
