package dev.berth.agent.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainersIT {
  @TempDir Path dir;
  private Sandbox box;

  @BeforeEach
  void start() throws Exception {
    box = new Sandbox(dir);
  }

  @AfterEach
  void stop() {
    box.close();
  }

  private ExitStatus run(ContainerSpec spec) throws Exception {
    Container c = box.containers.start(spec);
    ExitStatus exit = box.containers.exit(c).get(20, TimeUnit.SECONDS);
    box.containers.delete(c);
    return exit;
  }

  @Test
  void runsInAllNamespacesLogsAndExits() throws Exception {
    ExitStatus exit =
        run(
            box.spec(
                "hello",
                "sh",
                "-c",
                "echo out; echo err >&2; hostname; echo pid $$; grep -E 'Cap|Seccomp|NoNewPrivs'"
                    + " /proc/self/status; ls /proc/self/fd; exit 7"));
    String log = box.log("hello");
    assertEquals(7, exit.code());
    assertTrue(log.contains(" stdout F out\n"));
    assertTrue(log.contains(" stderr F err\n"));
    assertTrue(log.contains(" stdout F box\n"));
    assertTrue(log.contains(" stdout F pid 1\n"));
  }

  @Test
  void attemptsToLeaveAreDenied() throws Exception {
    String tries =
        """
        try() { if sh -c "$1" >/dev/null 2>&1; then echo "OPEN $1"; else echo "denied $1"; fi; }
        try 'mount -t proc proc /tmp'
        try 'mount -o remount,rw /proc/sys'
        try 'echo x > /proc/sys/kernel/core_pattern'
        try 'echo b > /proc/sysrq-trigger'
        try 'head -c 1 /proc/kcore | grep -q .'
        try 'mknod /tmp/disk b 254 0'
        try 'unshare -m true'
        try 'unshare -n true'
        try 'ls /sys/fs/cgroup/memory/berth'
        """;
    run(box.spec("escape", "sh", "-c", tries));
    String log = box.log("escape");
    assertTrue(log.contains("denied"), log);
    assertTrue(!log.contains("OPEN"), log);
  }

  @Test
  void aSecondAgentAdoptsTheContainerAndItsExitCode() throws Exception {
    Container c =
        box.containers.start(box.spec("orphan", "sh", "-c", "sleep 1; echo late; exit 3"));
    try (Containers second = new Containers(box.containers.machine())) {
      Container found = second.adopt(c.dir(), c.id(), c.cgroup()).orElseThrow();
      assertEquals(c, found);
      assertTrue(second.running(found));
      assertEquals(3, second.exit(found).get(20, TimeUnit.SECONDS).code());
      assertTrue(box.log("orphan").contains(" stdout F late\n"));
      second.delete(found);
    }
  }

  @Test
  void aFailedStartNamesTheOperation() {
    ContainerException e =
        org.junit.jupiter.api.Assertions.assertThrows(
            ContainerException.class,
            () -> box.containers.start(box.spec("none", "/no/such/program")));
    assertTrue(
        String.valueOf(e.getMessage()).endsWith("(exec /no/such/program) ENOENT"), e.getMessage());
  }

  @Test
  void aCommandRunsInsideARunningContainer() throws Exception {
    ContainerSpec spec = box.spec("target", "sleep", "30");
    Container c = box.containers.start(spec);
    Containers.ExecResult result =
        box.containers.exec(
            c,
            spec,
            java.util.List.of("sh", "-c", "hostname; exit 4"),
            java.time.Duration.ofSeconds(10));
    assertEquals(4, result.code());
    assertEquals("box\n", result.output());
    box.containers.kill(c);
    assertEquals(137, box.containers.exit(c).get(20, TimeUnit.SECONDS).code());
    box.containers.delete(c);
  }

  /// Its number belongs to another process by now: nothing may run in that one's namespaces.
  @Test
  void aCommandNeverRunsInAProcessThatTookThePlace() {
    ContainerSpec spec = box.spec("target", "sleep", "30");
    Container c = box.containers.start(spec);
    Container gone =
        new Container(
            c.id(),
            c.dir(),
            c.cgroup(),
            c.pid(),
            c.pidStart() + 1,
            c.keeper(),
            c.keeperStart(),
            c.startedAt());
    RuntimeException e =
        org.junit.jupiter.api.Assertions.assertThrows(
            RuntimeException.class,
            () ->
                box.containers.exec(
                    gone,
                    spec,
                    java.util.List.of("sh", "-c", "echo here"),
                    java.time.Duration.ofSeconds(10)));
    assertTrue(String.valueOf(e.getCause()).endsWith("is not running"), e::toString);
    box.containers.kill(c);
    box.containers.exit(c).join();
    box.containers.delete(c);
  }

  /// Root in a container may change the mode of what it holds.
  @Test
  void aContainerHoldsNoDeviceOfTheHosts() throws Exception {
    ContainerSpec spec =
        box.spec("held", "sh", "-c", "stat -Lc %F /proc/self/fd/0 > /tmp/held; sleep 30");
    Container c = box.containers.start(spec);
    Path held = c.dir().resolve("upper/tmp/held");
    while (!java.nio.file.Files.exists(held) || java.nio.file.Files.size(held) == 0) {
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
    assertEquals("fifo\n", java.nio.file.Files.readString(held));
    box.containers.kill(c);
    box.containers.exit(c).join();
    box.containers.delete(c);
  }

  /// `curl >/dev/null` as a probe: the pipe ends at once, the command does not.
  @Test
  void aCommandThatGivesUpItsOutputStillHasATimeOut() throws Exception {
    ContainerSpec spec = box.spec("target", "sleep", "60");
    Container c = box.containers.start(spec);
    Containers.ExecResult late =
        box.containers.exec(
            c,
            spec,
            java.util.List.of("sh", "-c", "exec sleep 50 >/dev/null 2>&1"),
            java.time.Duration.ofSeconds(1));
    assertEquals(-1, late.code());
    Containers.ExecResult left =
        box.containers.exec(
            c,
            spec,
            java.util.List.of("sh", "-c", "ps | grep -c '[s]leep 50'"),
            java.time.Duration.ofSeconds(10));
    assertEquals("0\n", left.output());
    box.containers.kill(c);
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    box.containers.delete(c);
  }

  /// It can do so before the command has even begun.
  @Test
  void aContainerThatStopsEveryNewProcessHoldsNobodyLongerThanTheTimeOut() throws Exception {
    ContainerSpec spec =
        box.spec("target", "sh", "-c", "while :; do kill -STOP 2 3 4 5 6 7 8 9; done 2>/dev/null");
    Container c = box.containers.start(spec);
    for (int i = 0; i < 5; i++) {
      Containers.ExecResult late =
          box.containers.exec(
              c, spec, java.util.List.of("sleep", "50"), java.time.Duration.ofMillis(500));
      assertEquals(-1, late.code());
    }
    box.containers.kill(c);
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    box.containers.delete(c);
  }

  @Test
  void aCommandThatLeavesOthersBehindDoesNotHoldItsCaller() throws Exception {
    ContainerSpec spec = box.spec("target", "sleep", "60");
    Container c = box.containers.start(spec);
    Containers.ExecResult late =
        box.containers.exec(
            c,
            spec,
            java.util.List.of("sh", "-c", "echo begun; sleep 50 & exit 0"),
            java.time.Duration.ofSeconds(1));
    assertEquals(-1, late.code());
    assertEquals("begun\n", late.output());
    Containers.ExecResult left =
        box.containers.exec(
            c,
            spec,
            java.util.List.of("sh", "-c", "ps | grep -c '[s]leep 50'"),
            java.time.Duration.ofSeconds(10));
    assertEquals(
        "1\n", left.output(), "the shell had ended before; what it left is the container's");
    box.containers.kill(c);
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    box.containers.delete(c);
  }

  @Test
  void aContainersProcessCannotPoseAsAKeeper() throws Exception {
    Path source =
        java.nio.file.Files.writeString(
            dir.resolve("imposter.c"),
            """
            #include <fcntl.h>
            #include <unistd.h>
            int main(void) {
              dup2(open("/tmp", O_RDONLY), 5);
              write(1, "up\\n", 3);
              for (;;) pause();
            }
            """);
    Process cc =
        new ProcessBuilder(
                "cc",
                "-static",
                "-w",
                "-o",
                box.layer.resolve("bin/berth-keeper").toString(),
                source.toString())
            .inheritIO()
            .start();
    assertEquals(0, cc.waitFor());
    Container c = box.containers.start(box.spec("pose", "berth-keeper", "imposter"));
    assertTrue(
        java.nio.file.Files.readString(
                java.nio.file.Path.of("/proc", Integer.toString(c.pid()), "cmdline"))
            .startsWith("berth-keeper\0imposter"));
    assertTrue(box.containers.keepers().stream().anyMatch(k -> k.id().equals("pose")));
    assertTrue(box.containers.keepers().stream().noneMatch(k -> k.id().equals("imposter")));
    box.containers.kill(c);
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    box.containers.delete(c);
  }

  @Test
  void aReadOnlyRootTakesNoFilesAndMemoryTakesThem() throws Exception {
    ContainerSpec spec =
        box.spec("closed", "sh", "-c", "touch /x; touch /mem/y && ls /mem; touch /dev/shm/z")
            .rooted(true, java.util.List.of(new Tmpfs("/mem", 1 << 20, 0755)));
    assertEquals(0, run(spec).code());
    String log = box.log("closed");
    assertTrue(log.contains("Read-only file system"), log);
    assertTrue(log.contains(" stdout F y\n"), log);
  }
}
