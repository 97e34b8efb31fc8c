package dev.berth.agent.container;

import dev.berth.agent.linux.Errno;
import java.util.Arrays;
import java.util.List;

/// One system call of a compiled container: what `init` makes, with a label that a failure is
/// reported by.
///
/// A result can go to a register and be an argument of later calls. An error that `ignore` names is
/// no failure and skips the next `skip` operations: so a mask of a path that this kernel lacks
/// passes, while EPERM there still fails the start.
public record Op(String label, int number, List<Arg> args, int out, List<Errno> ignore, int skip) {
  public Op {
    args = List.copyOf(args);
    ignore = List.copyOf(ignore);
    if (args.size() > 6 || ignore.size() > 2) {
      throw new IllegalArgumentException("op " + label + " has too many arguments");
    }
  }

  static Op of(String label, int number, Object... args) {
    return new Op(label, number, Arrays.stream(args).map(Arg::of).toList(), 0, List.of(), 0);
  }

  Op to(int register) {
    return new Op(label, number, args, register, ignore, skip);
  }

  Op ignoring(Errno... errors) {
    return new Op(label, number, args, out, List.of(errors), skip);
  }

  Op skipping(int operations) {
    return new Op(label, number, args, out, ignore, operations);
  }

  /// An argument: a number, bytes to point to, a register, or an array of pointers to strings.
  public sealed interface Arg {
    record Immediate(long value) implements Arg {}

    record Text(String value) implements Arg {}

    @SuppressWarnings("ArrayRecordComponent") // only written out
    record Bytes(byte[] value) implements Arg {}

    record Register(int number) implements Arg {}

    record Strings(List<String> values) implements Arg {}

    /// A BPF program, passed as the `sock_fprog` that points to it.
    @SuppressWarnings("ArrayRecordComponent") // only written out
    record Filter(byte[] code) implements Arg {}

    static Arg of(Object o) {
      return switch (o) {
        case Arg a -> a;
        case Integer i -> new Immediate(i);
        case Long l -> new Immediate(l);
        case String s -> new Text(s);
        case byte[] b -> new Bytes(b);
        default -> throw new IllegalArgumentException("no argument: " + o);
      };
    }
  }
}
