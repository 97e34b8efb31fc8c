package dev.berth.agent.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.cgroup.Limits;
import dev.berth.agent.linux.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The compiled list is a value: its order and flags are checked without root.
class CompilerTest {
  private static final Security PLAIN = Security.standard(new byte[] {6, 0, 0, 0, 0, 0, -1, 127});

  private static ContainerSpec spec(User user, Bind... binds) {
    return new ContainerSpec(
        "c",
        Path.of("/state/c"),
        "n/p/c",
        List.of(Path.of("/layers/b"), Path.of("/layers/a")),
        List.of("app"),
        List.of("PATH=/bin:/usr/bin"),
        "/srv/app",
        user,
        "host",
        Optional.of(Path.of("/ns")),
        List.of(binds),
        Limits.none(),
        PLAIN,
        Path.of("/logs/0.log"),
        4096);
  }

  private static Program compile(ContainerSpec spec) {
    return Compiler.compile(spec, new Compiler.FdPlan(3, 2, false), 1024);
  }

  private static List<String> labels(Program p) {
    return p.child().stream().map(Op::label).toList();
  }

  /// Each directory of a PATH costs an execve, not another copy of the environment.
  @Test
  void anImagesPathAndVariablesDoNotMultiply() {
    List<String> environment = new ArrayList<>();
    environment.add(
        "PATH="
            + IntStream.range(0, 2000).mapToObj(i -> "/d" + i).collect(Collectors.joining(":")));
    IntStream.range(0, 2000).forEach(i -> environment.add("V" + i + "=x"));
    List<Op> ops = Compiler.execute(List.of("app"), environment);
    Program p = new Program(List.of(), ops, 0, new Program.Fds(-1, -1, -1, -1, -1), "");
    assertEquals(256, ops.size());
    assertTrue(p.image().length < 1 << 20, () -> p.image().length + " bytes");
  }

  /// Without any execve it would seem to run, and end.
  @Test
  void aCommandThatIsLookedForNowhereIsRefused() {
    for (String path : List.of("PATH=", "PATH=::")) {
      ContainerException e =
          assertThrows(
              ContainerException.class,
              () -> Compiler.execute(List.of("app", "-v"), List.of("A=b", path)));
      assertEquals(
          "cannot run app: PATH is empty: set it or give a full path", e.getMessage(), path);
      assertTrue(e.isAbsent());
    }
    assertEquals(1, Compiler.execute(List.of("/bin/app"), List.of("PATH=")).size());
  }

  @Test
  void stepsComeInTheOneOrderThatIsSafe() {
    List<String> labels = labels(compile(spec(User.ROOT)));
    List<String> order =
        List.of(
            "cgroup",
            "cgroup namespace",
            "join namespace",
            "private mounts",
            "overlay",
            "dev",
            "proc",
            "sys",
            "mask proc/kcore",
            "read-only proc/sys",
            "close state",
            "pivot_root",
            "detach host",
            "setuid",
            "capset",
            "no_new_privs",
            "seccomp",
            "exec /bin/app",
            "exec /usr/bin/app");
    int at = -1;
    for (String label : order) {
      int next = labels.indexOf(label);
      assertTrue(next > at, label + " at " + next + " after " + at);
      at = next;
    }
    assertEquals(labels.size() - 1, at);
  }

  @Test
  void layersAreNamedRelativeToTheirParent() {
    Op overlay =
        compile(spec(User.ROOT)).child().stream()
            .filter(o -> o.label().equals("overlay"))
            .findFirst()
            .orElseThrow();
    assertEquals(
        new Op.Arg.Text("lowerdir=b:a,upperdir=/state/c/upper,workdir=/state/c/work,volatile"),
        overlay.args().getLast());
  }

  @Test
  void masksComeBeforeWhatAnybodyElseMounts() {
    Bind bind = new Bind(Path.of("/host/evil"), "/way", true, false);
    List<String> labels =
        labels(
            compile(spec(User.ROOT, bind).rooted(false, List.of(new Tmpfs("/memory", 0, 01777)))));
    int first = Math.min(labels.indexOf("bind /way"), labels.indexOf("tmpfs /memory"));
    assertTrue(first > 0);
    for (int i = first; i < labels.size(); i++) {
      assertTrue(!labels.get(i).startsWith("mask "), labels.get(i) + " at " + i);
    }
  }

  @Test
  void masksIgnoreWhatTheKernelLacksAndNothingElse() {
    List<Op> masks =
        compile(spec(User.ROOT)).child().stream()
            .filter(o -> o.label().startsWith("mask "))
            .toList();
    assertTrue(masks.size() > 10);
    masks.forEach(m -> assertEquals(List.of(Errno.ENOENT), m.ignore()));
  }

  @Test
  void aBindTargetIsMadeAndOpenedBelowTheRoot() {
    List<String> labels =
        labels(
            compile(
                spec(User.ROOT, new Bind(Path.of("/host/f"), "/etc/resolv.conf", false, true))));
    assertTrue(
        labels.containsAll(
            List.of(
                "mkdir etc/resolv.conf",
                "create etc/resolv.conf",
                "open etc/resolv.conf",
                "bind /etc/resolv.conf",
                "read-only /etc/resolv.conf")));
  }

  @Test
  void anotherUserKeepsNoCapability() {
    Op capset =
        compile(spec(new User(1000, 1000, List.of()))).child().stream()
            .filter(o -> o.label().equals("capset"))
            .findFirst()
            .orElseThrow();
    byte[] sets = ((Op.Arg.Bytes) capset.args().get(1)).value();
    assertEquals(0, ByteBuffer.wrap(sets).getLong());
  }

  @Test
  void openFilesAreClampedToTheHardLimit() {
    Op limit =
        compile(spec(User.ROOT)).child().stream()
            .filter(o -> o.label().equals("open files"))
            .findFirst()
            .orElseThrow();
    byte[] value = ((Op.Arg.Bytes) limit.args().get(2)).value();
    assertEquals(1024, ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong());
  }

  @Test
  void theImageHasHeaderOperationsAndBlob() {
    Program p = compile(spec(User.ROOT));
    ByteBuffer image = ByteBuffer.wrap(p.image()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(Program.MAGIC, image.getInt(0));
    assertEquals(p.keeper().size(), image.getInt(4));
    assertEquals(p.child().size(), image.getInt(8));
    assertEquals(Program.HEADER, image.getInt(12));
  }

  @Test
  void aFailureNamesItsOperation() {
    Program p = compile(spec(User.ROOT));
    int index = p.keeper().size() + labels(p).indexOf("overlay");
    assertEquals("op " + index + " (overlay) ENOSPC", p.failure(index, 28));
  }

  @Test
  void aContainerWithoutACommandIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new ContainerSpec(
                "c",
                Path.of("/s"),
                "g",
                List.of(),
                List.of(),
                List.of(),
                "/",
                User.ROOT,
                "h",
                Optional.empty(),
                List.of(),
                Limits.none(),
                PLAIN,
                Path.of("/l"),
                1));
  }
}
