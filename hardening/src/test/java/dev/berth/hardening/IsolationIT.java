package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// Every attempt to get out of a default pod, as root and as a user, and each again where it has to
/// succeed: a check that cannot fail proves nothing.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class IsolationIT {
  private static final String UNFILTERED =
      "for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo 0 > $f; done";
  private Lab lab;
  private Path probe;
  private String victim = "";
  private final Map<String, Attempt> asRoot = new TreeMap<>();
  private final Map<String, Attempt> asUser = new TreeMap<>();
  private final Map<String, Attempt> controls = new TreeMap<>();

  @BeforeAll
  void startBerth() throws IOException, InterruptedException {
    lab = Lab.start("isolation");
    probe = lab.compile("probe");
    for (String user : List.of("", "USER 1000\n")) {
      String image = user.isEmpty() ? "prober" : "prober-user";
      lab.host().write(image + "/tmp/empty", "");
      lab.build(image, script(user), probe);
    }
    lab.pod("victim", "prober:1", "Never", Lab.words("command", "/box", "listen", "7777"));
    lab.awaitLog("victim", "listening");
    victim = lab.process("victim");
  }

  private static String script(String user) {
    return """
    FROM scratch
    COPY box /box
    COPY probe /probe
    COPY --chmod=4755 probe /suid
    COPY --chmod=1777 tmp /tmp
    %sENTRYPOINT ["/probe", "attempt"]
    """
        .formatted(user);
  }

  @AfterAll
  void stopBerth() throws IOException, InterruptedException {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  @Order(1)
  void nothingSucceedsAsRoot() throws IOException, InterruptedException {
    asRoot.putAll(inPod("root", "prober:1"));
    assertEquals(List.of(), open(asRoot));
  }

  @Test
  @Order(2)
  void nothingSucceedsAsAUser() throws IOException, InterruptedException {
    asUser.putAll(inPod("user", "prober-user:1"));
    assertEquals(List.of(), open(asUser));
    assertEquals(asRoot.keySet(), asUser.keySet());
  }

  @Test
  @Order(3)
  void everyAttemptSucceedsWhereItIsNotStopped() throws IOException, InterruptedException {
    controls.putAll(byNumber(inWeakContainer("bare", "b")));
    controls.putAll(byNumber(inWeakContainer("masked", "m")));
    controls.putAll(byNumber(onHost()));
    controls.putAll(byNumber(inChroot()));
    controls.putAll(byNumber(asHostUser()));
    controls.putAll(byNumber(inTerminal()));
    assertEquals(asRoot.keySet(), controls.keySet());
    assertEquals(
        List.of(),
        controls.values().stream().filter(a -> !a.escaped() && !a.lacking()).toList(),
        "these checks are not known to work");
  }

  @Test
  @Order(4)
  void theTableInTheDocumentationIsThisOne() throws IOException {
    List<String> rows = new ArrayList<>();
    asRoot.values().stream()
        .sorted(java.util.Comparator.comparing(IsolationIT::order))
        .forEach(a -> rows.add(row(a)));
    Document.isolation().replace(rows);
  }

  private String row(Attempt a) {
    Attempt control = controls.get(a.number());
    Attempt user = asUser.get(a.number());
    return "| %s | %s | %s | %s | %s |"
        .formatted(
            a.number(),
            a.name(),
            a.outcome(),
            user == null ? "" : user.outcome(),
            control == null ? "" : place(control));
  }

  private static String place(Attempt control) {
    String where =
        switch (control.control()) {
          case "b" -> "container: all capabilities, no filter, no masks";
          case "m" -> "container: all capabilities, no filter, masks kept";
          case "h" -> "root on the host";
          case "c" -> "root in a plain chroot";
          case "u" -> "a user of the host";
          default -> "root on the host, at a terminal";
        };
    return control.escaped()
        ? where
        : "not shown: the kernel of the test machine lacks it (" + control.detail() + ")";
  }

  private static String order(Attempt a) {
    String digits = a.number().replaceAll("[a-z]", "");
    return "0".repeat(3 - digits.length()) + a.number();
  }

  private static List<Attempt> open(Map<String, Attempt> attempts) {
    assertFalse(attempts.isEmpty());
    return attempts.values().stream().filter(a -> !a.stopped()).toList();
  }

  private static Map<String, Attempt> byNumber(List<Attempt> attempts) {
    assertFalse(attempts.isEmpty());
    return attempts.stream().collect(Collectors.toMap(Attempt::number, a -> a));
  }

  private Map<String, Attempt> inPod(String name, String image)
      throws IOException, InterruptedException {
    Map<String, String> variables =
        Map.of("VICTIM", victim, "HOSTS", String.join(",", lab.addresses()));
    lab.pod(name, image, "Never", Lab.environment(variables));
    lab.awaitLog(name, " END");
    return byNumber(Attempt.parse(lab.log(name).replaceAll("(?m)^\\S+ std\\S+ F ", "")));
  }

  private List<Attempt> inWeakContainer(String id, String control)
      throws IOException, InterruptedException {
    try (Weak weak = new Weak(lab.host().dir().resolve("weak"), lab.host().nodeName() + "-weak")) {
      Path layer = Files.createDirectories(lab.host().dir().resolve("weak-layer"));
      Files.createDirectories(layer.resolve("tmp"));
      Files.copy(
          probe,
          layer.resolve("probe"),
          StandardCopyOption.COPY_ATTRIBUTES,
          StandardCopyOption.REPLACE_EXISTING);
      String log =
          weak.run(
              weak.spec(
                  id,
                  layer,
                  control.equals("b") ? Weak.bare() : Weak.masked(),
                  List.of("/probe", "attempt", control)));
      return Attempt.parse(log.replaceAll("(?m)^\\S+ std\\S+ F ", ""));
    }
  }

  /// With a mount namespace of its own, so that what is mounted goes with it.
  private List<Attempt> onHost() throws IOException, InterruptedException {
    Path out = lab.host().dir().resolve("abstract.out");
    Process listener =
        new ProcessBuilder(
                "nsenter",
                "--net=/run/netns/" + lab.host().nodeName(),
                probe.toString(),
                "abstract")
            .redirectOutput(out.toFile())
            .start();
    try {
      TestHost.waitUntil("the abstract socket is there", () -> Lab.text(out).contains("listening"));
      String script = "exec 7</; VICTIM=%s exec unshare -m %s attempt h".formatted(victim, probe);
      return Attempt.parse(lab.host().inNamespace("bash", "-c", script).ok().out());
    } finally {
      listener.destroyForcibly().waitFor();
    }
  }

  private List<Attempt> inChroot() throws IOException, InterruptedException {
    Path root = Files.createDirectories(lab.host().dir().resolve("chroot"));
    Files.createDirectories(root.resolve("tmp"));
    Files.copy(probe, root.resolve("probe"), StandardCopyOption.COPY_ATTRIBUTES);
    return Attempt.parse(
        lab.host().inNamespace("chroot", root.toString(), "/probe", "attempt", "c").ok().out());
  }

  /// The path to the checkout may be closed to other users: only /tmp is sure to be open.
  private List<Attempt> asHostUser() throws IOException, InterruptedException {
    Path open = Files.createTempDirectory("berth-e2e-suid-");
    try {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path suid = Files.copy(probe, open.resolve("suid"), StandardCopyOption.COPY_ATTRIBUTES);
      TestHost.run(List.of("chmod", "4755", suid.toString())).ok();
      String script =
          "SUID=%s exec setpriv --reuid 1000 --regid 1000 --clear-groups %s attempt u"
              .formatted(suid, suid.resolveSibling("plain"));
      Files.copy(probe, open.resolve("plain"), StandardCopyOption.COPY_ATTRIBUTES);
      return Attempt.parse(lab.host().inNamespace("bash", "-c", script).ok().out());
    } finally {
      TestHost.run(List.of("rm", "-rf", open.toString())).ok();
    }
  }

  private List<Attempt> inTerminal() throws IOException, InterruptedException {
    return Attempt.parse(
        lab.host()
            .inNamespace("script", "-qec", probe + " attempt t", "/dev/null")
            .ok()
            .out()
            .replace("\r", ""));
  }

  @Test
  @Order(5)
  void whatWouldWeakenAPodIsRefusedByName() throws IOException, InterruptedException {
    lab.host()
        .write(
            "refused.yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: refused}
            spec:
              hostNetwork: true
              hostPID: true
              hostIPC: true
              shareProcessNamespace: true
              volumes: [{name: host, hostPath: {path: /}}]
              containers: [{name: main, image: "prober:1", securityContext: {privileged: true}}]
            """);
    TestHost.Ran ran = lab.host().berth("apply", "-f", "refused.yaml", "--no-wait");
    assertTrue(ran.code() != 0, ran::toString);
    for (String field :
        List.of(
            "hostNetwork",
            "hostPID",
            "hostIPC",
            "shareProcessNamespace",
            "volumes",
            "privileged")) {
      assertTrue(ran.err().contains(field), field + "\n" + ran);
    }
    assertEquals(Set.of(), namesOf("refused"));
  }

  /// Attempt 50 as packets, sent from a pod's network by root of the host, who may do there what a
  /// pod may not: the neighbour hears only who is what he says.
  @Test
  @Order(6)
  void aForgedSourceReachesNobody() throws IOException, InterruptedException {
    lab.pod("ear", "prober:1", "Never", Lab.words("command", "/probe", "receive", "7"));
    lab.pod("mouth", "prober:1", "Never", Lab.words("command", "/box", "listen", "7777"));
    lab.awaitLog("ear", "receiving");
    lab.awaitLog("mouth", "listening");
    String own = lab.address("mouth");
    String foreign = lab.address("victim");

    send(foreign);
    send(own);
    lab.awaitLog("ear", "from " + own);
    assertFalse(lab.log("ear").contains("from " + foreign), "it was sent first");

    lab.host().inNamespace("sh", "-c", UNFILTERED).ok();
    send(foreign);
    lab.awaitLog("ear", "from " + foreign);
  }

  private void send(String source) throws IOException, InterruptedException {
    String network = "/proc/" + lab.process("mouth") + "/ns/net";
    List<String> send =
        List.of(
            "nsenter",
            "--net=" + network,
            probe.toString(),
            "send",
            source,
            lab.address("ear"),
            "7");
    assertEquals("", TestHost.run(send).ok().out());
  }

  private Set<String> namesOf(String prefix) throws IOException, InterruptedException {
    return lab.host()
        .berth("get", "pods", "-o", "name")
        .ok()
        .out()
        .lines()
        .filter(line -> line.startsWith("pod/" + prefix))
        .collect(Collectors.toSet());
  }
}
