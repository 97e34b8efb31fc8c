package dev.berth.agent.container;

import dev.berth.agent.linux.Errno;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// A compiled container: the operations of the keeper, those of the child, and the flags of the
/// clone between them.
///
/// [#image] lays it out as `init.c` reads it: an 88-byte header, 64 bytes for each operation, then
/// the bytes they point to. The image is mapped at a fixed address, so pointers inside pointers
/// (argv, the filter) are absolute already.
public record Program(List<Op> keeper, List<Op> child, long cloneFlags, Fds fds, String logPath) {
  static final long BASE = 0x20000000L;
  static final int MAGIC = 0x42455254;
  static final int HEADER = 88;
  static final int OP = 64;
  static final int RESULTS = 56;

  /// Descriptor numbers inside the helper; -1 where there is none.
  ///
  /// @param in what the keeper holds open of the input of a container that is talked to
  record Fds(int cgroup, int state, int report, int out, int err, int in) {
    /// Of one that nobody talks to.
    Fds(int cgroup, int state, int report, int out, int err) {
      this(cgroup, state, report, out, err, -1);
    }
  }

  public Program {
    keeper = List.copyOf(keeper);
    child = List.copyOf(child);
  }

  /// The name of the operation with this index, counted through both lists.
  public String label(int index) {
    Op op = index < keeper.size() ? keeper.get(index) : child.get(index - keeper.size());
    return op.label();
  }

  /// `op 17 (overlay) ENOSPC`, or the clone.
  String failure(long index, long errno) {
    String what = index < 0 ? "clone" : "op " + index + " (" + label((int) index) + ")";
    return what + " " + Errno.name((int) errno);
  }

  /// Whether the operation with this index would have run the container's command.
  boolean execs(long index) {
    return index >= keeper.size()
        && index < keeper.size() + child.size()
        && child.get((int) index - keeper.size()).number() == Nr.EXECVE;
  }

  byte[] image() {
    return new Writer().write(this);
  }

  /// Lays the blob out behind the operations; equal strings are stored once.
  private static final class Writer {
    private final ByteArrayOutputStream blob = new ByteArrayOutputStream();
    private final Map<String, Integer> strings = new HashMap<>();
    private final IdentityHashMap<List<String>, Integer> arrays = new IdentityHashMap<>();
    private int blobStart;

    byte[] write(Program p) {
      int count = p.keeper.size() + p.child.size();
      blobStart = HEADER + OP * count;
      ByteBuffer ops = buffer(OP * count);
      p.keeper.forEach(op -> put(ops, op));
      p.child.forEach(op -> put(ops, op));
      ByteBuffer head = buffer(HEADER);
      head.putInt(MAGIC).putInt(p.keeper.size()).putInt(p.child.size()).putInt(HEADER);
      head.putInt(p.fds.cgroup)
          .putInt(p.fds.state)
          .putInt(p.fds.report)
          .putInt(p.fds.out)
          .putInt(p.fds.err)
          .putInt(p.fds.in);
      head.putLong(p.cloneFlags).putLong(p.logPath.isEmpty() ? 0 : text(p.logPath));
      return buffer(blobStart + blob.size())
          .put(head.clear())
          .put(ops.clear())
          .put(blob.toByteArray())
          .array();
    }

    private void put(ByteBuffer out, Op op) {
      out.putInt(op.number()).put((byte) 0);
      out.put((byte) errno(op, 0)).put((byte) errno(op, 1)).put((byte) op.out());
      long[] values = new long[6];
      for (int i = 0; i < 6; i++) {
        int kind = 0;
        if (i < op.args().size()) {
          Op.Arg arg = op.args().get(i);
          kind = kind(arg);
          values[i] = value(arg);
        }
        out.put((byte) kind);
      }
      out.put((byte) op.skip()).put((byte) 0);
      for (long v : values) {
        out.putLong(v);
      }
    }

    private static int errno(Op op, int i) {
      return i < op.ignore().size() ? op.ignore().get(i).number() : 0;
    }

    private static int kind(Op.Arg arg) {
      return switch (arg) {
        case Op.Arg.Immediate _ -> 0;
        case Op.Arg.Register _ -> 2;
        case Op.Arg.Text _, Op.Arg.Bytes _, Op.Arg.Strings _, Op.Arg.Filter _ -> 1;
      };
    }

    private long value(Op.Arg arg) {
      return switch (arg) {
        case Op.Arg.Immediate n -> n.value();
        case Op.Arg.Register r -> r.number();
        case Op.Arg.Text t -> text(t.value());
        case Op.Arg.Bytes b -> bytes(b.value());
        case Op.Arg.Strings s -> pointers(s.values());
        case Op.Arg.Filter f -> filter(f.code());
      };
    }

    private int text(String s) {
      Integer known = strings.get(s);
      if (known == null) {
        known = bytes((s + "\0").getBytes(StandardCharsets.UTF_8));
        strings.put(s, known);
      }
      return known;
    }

    private int bytes(byte[] b) {
      while ((blobStart + blob.size()) % 8 != 0) {
        blob.write(0);
      }
      int offset = blobStart + blob.size();
      blob.writeBytes(b);
      return offset;
    }

    /// Each execve along a PATH names the same arguments and the same environment.
    private int pointers(List<String> values) {
      Integer known = arrays.get(values);
      if (known == null) {
        known = array(values);
        arrays.put(values, known);
      }
      return known;
    }

    private int array(List<String> values) {
      ByteBuffer array =
          ByteBuffer.allocate(8 * (values.size() + 1)).order(ByteOrder.LITTLE_ENDIAN);
      values.forEach(v -> array.putLong(BASE + text(v)));
      return bytes(array.array());
    }

    private int filter(byte[] code) {
      ByteBuffer program = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      program.putShort(0, (short) (code.length / 8)).putLong(8, BASE + bytes(code));
      return bytes(program.array());
    }

    private static ByteBuffer buffer(int size) {
      return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
