package dev.berth.agent.pod;

import dev.berth.agent.container.Compiler;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.diagnosis.ExecFailure.Attempt;
import dev.berth.agent.diagnosis.ExecFailure.Found;
import dev.berth.agent.diagnosis.ExecFailure.Kind;
import dev.berth.agent.diagnosis.ExecFailure.Program;
import dev.berth.agent.image.ImageRoot;
import dev.berth.agent.linux.Linux;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Reads from an image what its command is: the facts from which a failed start is explained.
final class Executable {
  private static final int HEAD = 4096;
  private static final int PT_INTERP = 3;
  private static final int MAX_NESTING = 4;
  private static final Map<Integer, String> MACHINES =
      Map.of(3, "i386", 40, "arm", 62, "x86_64", 183, "aarch64", 243, "riscv64", 21, "ppc64");

  private final ImageRoot root;

  Executable(ImageRoot root) {
    this.root = root;
  }

  static String machine() {
    String name = System.getProperty("os.arch", "");
    return name.equals("amd64") ? "x86_64" : name;
  }

  Attempt attempt(ContainerSpec spec) {
    String command = spec.command().getFirst();
    List<String> tried = Compiler.candidates(command, spec.environment());
    Optional<Program> program =
        tried.stream()
            .map(t -> t.startsWith("/") ? t : spec.workingDirectory() + "/" + t)
            .flatMap(t -> read(t, MAX_NESTING).stream())
            .findFirst();
    return new Attempt(command, tried, spec.user().uid(), machine(), program);
  }

  private Optional<Program> read(String path, int depth) {
    return root.find(path)
        .map(
            entry -> {
              byte[] head = root.head(entry, HEAD);
              Kind kind = kind(entry, head);
              Optional<String> interpreter = interpreter(kind, head);
              return new Program(
                  path,
                  kind,
                  entry.stat().mode(),
                  entry.stat().uid(),
                  interpreter,
                  found(interpreter, depth));
            });
  }

  private Found found(Optional<String> interpreter, int depth) {
    return interpreter
        .filter(_ -> depth > 0)
        .flatMap(i -> read(i, depth - 1))
        .<Found>map(Found.File::new)
        .orElseGet(Found.Nothing::new);
  }

  private static Kind kind(ImageRoot.Entry entry, byte[] head) {
    if (entry.stat().type() == Linux.S_IFDIR) {
      return new Kind.Directory();
    }
    if (head.length > 20 && head[0] == 0x7f && head[1] == 'E' && head[2] == 'L') {
      int number = elf(head).getShort(18);
      return new Kind.Elf(Objects.requireNonNullElse(MACHINES.get(number), "machine " + number));
    }
    return head.length > 2 && head[0] == '#' && head[1] == '!'
        ? new Kind.Script()
        : new Kind.Other();
  }

  private static Optional<String> interpreter(Kind kind, byte[] head) {
    return switch (kind) {
      case Kind.Script _ -> shebang(head);
      case Kind.Elf _ -> loader(head);
      case Kind.Directory _, Kind.Other _ -> Optional.empty();
    };
  }

  private static Optional<String> shebang(byte[] head) {
    String line = new String(head, 2, head.length - 2, StandardCharsets.UTF_8);
    int end = line.indexOf('\n');
    String name = (end < 0 ? line : line.substring(0, end)).replaceFirst("^[ \t]+", "");
    int blank = name.replace('\t', ' ').indexOf(' ');
    return Optional.of(blank < 0 ? name : name.substring(0, blank));
  }

  /// Of a 64-bit program; older ones are not for this machine anyway.
  private static Optional<String> loader(byte[] head) {
    if (head.length < 64 || head[4] != 2) {
      return Optional.empty();
    }
    ByteBuffer elf = elf(head);
    long table = elf.getLong(32);
    int size = elf.getShort(54);
    int count = elf.getShort(56);
    for (int i = 0; i < count; i++) {
      long at = table + (long) i * size;
      if (at < 0 || at + 40 > head.length) {
        return Optional.empty();
      }
      if (elf.getInt((int) at) == PT_INTERP) {
        return text(head, elf.getLong((int) at + 8), elf.getLong((int) at + 32));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> text(byte[] head, long offset, long length) {
    boolean inside = offset > 0 && length > 1 && length < HEAD && offset + length <= head.length;
    return inside
        ? Optional.of(new String(head, (int) offset, (int) length - 1, StandardCharsets.UTF_8))
        : Optional.empty();
  }

  private static ByteBuffer elf(byte[] head) {
    return ByteBuffer.wrap(head)
        .order(head[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
  }
}
