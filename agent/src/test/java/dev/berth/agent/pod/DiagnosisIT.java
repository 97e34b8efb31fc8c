package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.cgroup.Limited;
import dev.berth.agent.cgroup.Limits;
import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerException;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.container.Sandbox;
import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.diagnosis.ExecFailure;
import dev.berth.agent.image.ImageRoot;
import dev.berth.api.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Failures of real containers, explained.
class DiagnosisIT {
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

  private void file(String name, String mode, byte[] content) throws IOException {
    Path file = box.layer.resolve(name);
    Files.write(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private void script(String name, String text) throws IOException {
    file(name, "rwxr-xr-x", text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private Diagnosis start(String... command) {
    ContainerSpec spec = box.spec("fails", command);
    ContainerException e = assertThrows(ContainerException.class, () -> box.containers.start(spec));
    ImageRoot root = new ImageRoot(box.containers.machine().sys(), spec.layers());
    return ExecFailure.diagnose(new Executable(root).attempt(spec), e.execErrno().orElseThrow())
        .orElseThrow(() -> new AssertionError(e.getMessage()));
  }

  @Test
  void aCommandThatIsNotThere() {
    assertEquals(
        new Diagnosis(Reason.COMMAND_NOT_FOUND, "the command /srv/serve is not in the image"),
        start("/srv/serve"));
    assertEquals(
        new Diagnosis(
            Reason.COMMAND_NOT_FOUND,
            "the command uvicorn is in no directory of the image's PATH: /bin"),
        start("uvicorn", "main:app"));
  }

  @Test
  void aFileThatIsNotExecutable() throws Exception {
    file("plain", "rw-r--r--", new byte[] {'#', '!', '/', 'b', 'i', 'n', '/', 's', 'h', '\n'});
    assertEquals(
        new Diagnosis(Reason.NOT_EXECUTABLE, "/plain is not executable (mode 0644)"),
        start("/plain"));
    assertEquals(
        new Diagnosis(Reason.NOT_EXECUTABLE, "the command /tmp is a directory"), start("/tmp"));
    script("words", "just words\n");
    assertEquals(
        new Diagnosis(
            Reason.NOT_EXECUTABLE, "/words is neither a program nor a script with a #! line"),
        start("/words"));
  }

  @Test
  void aScriptWithoutItsInterpreter() throws Exception {
    script("run", "#!/usr/bin/python3 -u\n");
    assertEquals(
        new Diagnosis(
            Reason.INTERPRETER_MISSING,
            "/run begins with #!/usr/bin/python3, which is not in the image"),
        start("/run"));
    script("dos", "#!/bin/sh\r\necho\r\n");
    assertTrue(start("/dos").message().contains("carriage return"));
  }

  @Test
  void aLinkIsFollowedInsideTheImageOnly() throws Exception {
    Files.createSymbolicLink(box.layer.resolve("out"), Path.of("../../../../usr/bin/env"));
    assertEquals(Reason.COMMAND_NOT_FOUND, start("/out").reason());
  }

  @Test
  void aProgramOfAnotherMachine() throws Exception {
    byte[] elf = Files.readAllBytes(box.layer.resolve("bin/busybox"));
    byte[] arm = java.util.Arrays.copyOf(elf, 4096);
    arm[18] = (byte) 183;
    file("serve", "rwxr-xr-x", arm);
    assertEquals(
        new Diagnosis(
            Reason.WRONG_ARCHITECTURE,
            "/serve is built for aarch64, and this host is " + Executable.machine()),
        start("/serve"));
  }

  @Test
  void memoryAndProcessLimitsAreSeenAfterTheEnd() throws Exception {
    Limited memory =
        run(
            new Limits(100, OptionalLong.empty(), OptionalLong.of(8 << 20), 50),
            "memory",
            "x=$(head -c 60000000 /dev/zero | grep -a x)");
    assertTrue(memory.oomKills() > 0);
    assertEquals(8 << 20, memory.memoryLimit());
    assertTrue(memory.memoryPeak() > 4 << 20, memory.toString());
    Limited forks =
        run(
            new Limits(100, OptionalLong.empty(), OptionalLong.empty(), 5),
            "forks",
            "for i in 1 2 3 4 5 6 7 8; do sleep 5 & done");
    assertTrue(forks.refusedForks() > 0);
    assertEquals(5, forks.processLimit());
  }

  private Limited run(Limits limits, String name, String script) throws Exception {
    ContainerSpec spec = box.spec(name, "sh", "-c", script).limited(limits);
    Container c = box.containers.start(spec);
    ExitStatus exit = box.containers.exit(c).get(20, TimeUnit.SECONDS);
    Limited found = box.containers.limited(c);
    assertTrue(exit.code() != 0, exit.toString());
    box.containers.delete(c);
    return found;
  }
}
