package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeaksTest {
  private static final long US = ProcessHandle.current().pid();
  private static final long OTHERS = US + 1;

  private static Leaks.Leak mount(String host, long run) {
    String point = "/srv/" + TestHost.PREFIX + host + "-" + run + "/data";
    return Leaks.Leak.of("mount " + point, point);
  }

  @Test
  void whatLayThereBeforeIsNotOurs() {
    Leaks.Leak old = mount("why", US);
    assertEquals(List.of(), Leaks.of(US, List.of(old), List.of(old)));
  }

  @Test
  void whatAnotherRunMakesMeanwhileIsNotOurs() {
    assertEquals(List.of(), Leaks.of(US, List.of(), List.of(mount("why", OTHERS))));
  }

  @Test
  void whatWeMadeIsOurs() {
    Leaks.Leak fresh = mount("agent-kills", US);
    assertEquals(List.of(fresh.what()), Leaks.of(US, List.of(), List.of(fresh)));
  }

  @Test
  void whatNamesNobodyIsOursWhenItIsNew() {
    Leaks.Leak nameless = Leaks.Leak.of("mount x", TestHost.PREFIX + "box");
    assertEquals(Set.of(), nameless.owners());
    assertEquals(List.of("mount x"), Leaks.of(US, List.of(), List.of(nameless)));
  }

  @Test
  void aDiskImageBesideTheHostsDirectoryNamesItsRun() {
    String image = "/srv/" + TestHost.PREFIX + "full-" + US + ".img";
    assertEquals(Set.of(US), Leaks.Leak.of("mount", image).owners());
  }

  @Test
  void aNumberThatIsNoProcessIdNamesNobody() {
    String folder = "/tmp/" + TestHost.PREFIX + "door-9667287056396868503/s";
    assertEquals(Set.of(), Leaks.Leak.of("process", folder).owners());
  }

  @Test
  void aProcessOfOursIsFoundByItsEnvironmentAndOneOfAnotherRunIsNot()
      throws IOException, InterruptedException {
    Process ours = sleeper(US);
    Process theirs = sleeper(OTHERS);
    try {
      List<String> left = Leaks.of(US, List.of(), Leaks.found());
      assertTrue(left.stream().anyMatch(line -> names(line, ours)), left::toString);
      assertTrue(left.stream().noneMatch(line -> names(line, theirs)), left::toString);
    } finally {
      ours.destroyForcibly().waitFor();
      theirs.destroyForcibly().waitFor();
    }
  }

  private static boolean names(String line, Process process) {
    return line.startsWith("process " + process.pid() + " ");
  }

  /// A process is found by what it was started with: its environment is there once it is exec'ed.
  private static Process sleeper(long run) throws IOException {
    ProcessBuilder cat = new ProcessBuilder("cat");
    cat.environment().put("BERTH_DATA_DIR", "/srv/" + TestHost.PREFIX + "stray-" + run + "/data");
    Process process = cat.start();
    process.outputWriter().write("started\n");
    process.outputWriter().flush();
    assertEquals("started", process.inputReader().readLine());
    return process;
  }
}
