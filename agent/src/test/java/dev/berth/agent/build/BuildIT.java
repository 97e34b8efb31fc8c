package dev.berth.agent.build;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.container.Capability;
import dev.berth.agent.container.Containers;
import dev.berth.agent.container.Machine;
import dev.berth.agent.container.Security;
import dev.berth.agent.image.ContentStore;
import dev.berth.agent.image.ImageNames;
import dev.berth.agent.image.Images;
import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.agent.linux.Seccomp;
import dev.berth.agent.linux.SeccompProfile;
import dev.berth.agent.linux.Syscalls;
import dev.berth.agent.logs.LogRotation;
import dev.berth.agent.network.PodNetwork;
import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.build.ImageBuild;
import dev.berth.api.script.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A script with every instruction, built in a process with network and mounts of its own. The
/// script holds its own claims: a step that finds something missing fails the build.
class BuildIT {
  private static final String SCRIPT =
      """
      ARG GREETING=hello
      FROM scratch AS base
      COPY busybox /bin/busybox
      SHELL ["/bin/busybox", "sh", "-ec"]
      RUN /bin/busybox mkdir -p /tmp && /bin/busybox --install -s /bin
      ENV PATH=/bin
      ONBUILD ENV TRIGGERED=yes
      ONBUILD RUN echo triggered > /triggered

      FROM base AS other
      RUN echo from-other > /made && ln -s made /link

      FROM base
      ARG GREETING
      LABEL team="a b" tier=c
      ENV NAME="the world" WHERE=/srv
      WORKDIR $WHERE/sub
      COPY --chmod=640 --chown=7:8 data.txt renamed.txt
      COPY dir/ ./tree/
      COPY --from=other /made /link /other/
      ADD pack.tar /unpacked/
      COPY <<EOF <<"RAW" /etc/
      $GREETING $NAME
      EOF
      $GREETING
      RAW
      RUN <<EOF
      grep -q "hello the world" /etc/EOF
      grep -q '^[$]GREETING$' /etc/RAW
      test "$(stat -c %a:%u:%g renamed.txt)" = 640:7:8
      test "$(pwd)" = /srv/sub
      test -f tree/a
      test -f /unpacked/in-tar
      grep -q from-other /other/link
      test "$TRIGGERED" = yes
      test -f /triggered
      EOF
      RUN --mount=type=cache,target=/cache echo kept > /cache/kept
      RUN --mount=type=cache,target=/cache test -f /cache/kept
      RUN --mount=type=cache,target=/cache <<EOF
      echo 10.1.2.3 added >> /etc/hosts
      test "$(stat -c %d /etc/hosts)" = "$(stat -c %d /cache)" # the build's disk, not the host's memory
      EOF
      RUN ! grep -q added /etc/hosts
      RUN --mount=type=bind,from=other,source=/,target=/seen test -f /seen/made
      RUN --mount=type=bind,target=/context test -f /context/data.txt
      RUN --mount=type=tmpfs,target=/memory touch /memory/x
      RUN test ! -e /memory/x && test ! -e /cache/kept && test ! -e /seen/made
      USER 7:8
      RUN test "$(id -u):$(id -g)" = 7:8
      EXPOSE 8080 9090/udp
      STOPSIGNAL SIGINT
      HEALTHCHECK --interval=5s --retries=2 CMD ["true"]
      ENTRYPOINT ["/bin/sh"]
      CMD ["-c", "echo $NAME"]
      """;

  @TempDir Path dir;

  private List<String> build(String script) throws Exception {
    boolean root = "root".equals(System.getProperty("user.name"));
    if (!root) {
      System.err.println("SKIPPED: build tests need root");
    }
    Assumptions.assumeTrue(root, "build tests need root");
    Path context = Files.createDirectories(dir.resolve("context"));
    Files.createDirectories(context.resolve("dir"));
    Files.writeString(context.resolve("dir/a"), "a");
    Files.writeString(context.resolve("data.txt"), "data");
    Files.writeString(dir.resolve("in-tar"), "in");
    Files.writeString(dir.resolve("Dockerfile"), script);
    Path busybox =
        Stream.of("/bin/busybox", "/usr/bin/busybox")
            .map(Path::of)
            .filter(Files::exists)
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("install busybox-static"));
    Files.copy(
        busybox,
        context.resolve("busybox"),
        StandardCopyOption.COPY_ATTRIBUTES,
        StandardCopyOption.REPLACE_EXISTING);
    Process tar =
        new ProcessBuilder("tar", "-cf", context.resolve("pack.tar").toString(), "in-tar")
            .directory(dir.toFile())
            .start();
    assertEquals(0, tar.waitFor());
    Process child =
        new ProcessBuilder(
                "unshare",
                "--net",
                "--mount",
                "sh",
                "-c",
                "ip link set lo up && exec \"$@\"",
                "sh",
                System.getProperty("java.home") + "/bin/java",
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Cases.class.getName(),
                dir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor(), out);
    return out.lines().toList();
  }

  @Test
  void everyInstructionDoesWhatItSaysAndASecondBuildDoesNothing() throws Exception {
    List<String> said = build(SCRIPT);
    assertEquals(
        List.of(
            "Env [\"PATH=/bin\",\"TRIGGERED=yes\",\"NAME=the world\",\"WHERE=/srv\"]",
            "WorkingDir \"/srv/sub\"",
            "User \"7:8\"",
            "Labels {\"team\":\"a b\",\"tier\":\"c\"}",
            "ExposedPorts {\"8080/tcp\":{},\"9090/udp\":{}}",
            "StopSignal \"SIGINT\"",
            "Healthcheck {\"Test\":[\"CMD\",\"true\"],\"Interval\":5000000000,\"Retries\":2}",
            "Entrypoint [\"/bin/sh\"]",
            "Cmd [\"-c\",\"echo $NAME\"]",
            "first: steps done, groups left 0",
            "second: all cached, groups left 0"),
        said);
  }

  @Test
  void aMountOverTheContainersOwnDevicesLeadsToNoFileOfTheHost() throws Exception {
    List<String> said =
        build(
            """
            FROM scratch AS evil
            COPY busybox /bin/busybox
            SHELL ["/bin/busybox", "sh", "-ec"]
            RUN /bin/busybox mkdir /evil && /bin/busybox ln -s /etc/passwd /evil/null
            RUN /bin/busybox ln -s /dev /way
            FROM evil
            RUN --mount=type=bind,from=evil,source=/evil,target=/way \
                ! /bin/busybox grep root /proc/interrupts
            """);
    assertEquals("first: steps done, groups left 0", said.get(said.size() - 2));
    assertEquals(
        List.of("failed: --mount: target=/dev is not allowed: /dev is the container's own"),
        build(
            """
            FROM scratch
            COPY busybox /bin/busybox
            RUN --mount=type=tmpfs,target=/dev ["/bin/busybox", "true"]
            """));
  }

  @Test
  void aFailingStepTellsItsExitCode() throws Exception {
    assertEquals(
        List.of("failed: the command exited with 3"),
        build(
            """
            FROM scratch
            COPY busybox /bin/busybox
            RUN ["/bin/busybox", "sh", "-c", "exit 3"]
            """));
  }

  @Test
  void aSourceThatIsNotThereIsNamedWithItsNeighbour() throws Exception {
    assertEquals(
        List.of("failed: data.tx: no such file in the build context; nearest: data.txt"),
        build("FROM scratch\nCOPY data.tx /\n"));
  }

  /// The other process.
  static final class Cases {
    private static final Cidr SUBNET = Cidr.parse("10.213.7.0/24");
    private final Path dir;
    private final Syscalls sys = new JnaSyscalls();
    private final String node = "test-build-" + ProcessHandle.current().pid();

    private Cases(Path dir) {
      this.dir = dir;
    }

    public static void main(String[] words) throws Exception {
      Cases cases = new Cases(Path.of(words[0]));
      Path data = Files.createDirectories(cases.dir.resolve("data"));
      Path run = Files.createDirectories(cases.dir.resolve("run"));
      cases.sys.mount("run", run.toString(), "tmpfs", 0, "size=16m"); // as /run is
      Machine machine =
          Machine.prepare(cases.sys, Cgroups.detect(), data.resolve("lib"), Clock.systemUTC());
      try (Containers containers = new Containers(machine);
          PodNetwork network =
              PodNetwork.start(cases.sys, run, SUBNET, SUBNET, Cidr.parse("10.214.0.0/16"))) {
        cases.all(cases.host(data, containers, network));
      }
    }

    @SuppressWarnings("NullAway") // nothing here comes from a registry
    private BuildHost host(Path data, Containers containers, PodNetwork network) {
      return new BuildHost(
          node,
          data,
          containers,
          new Images(new ContentStore(data, sys), new ImageNames(data), null),
          null,
          network,
          Security.standard(
              Seccomp.compile(SeccompProfile.standard(Capability.names(Capability.DEFAULT)))),
          new LogRotation(containers),
          Clock.systemUTC());
    }

    private void all(BuildHost host) throws Exception {
      try {
        StepList first = new StepList();
        StageState made = build(host, first);
        for (String field :
            List.of(
                "Env",
                "WorkingDir",
                "User",
                "Labels",
                "ExposedPorts",
                "StopSignal",
                "Healthcheck",
                "Entrypoint",
                "Cmd")) {
          System.out.println(field + " " + made.rendered().path(field));
        }
        System.out.println("first: steps " + (cached(first) ? "cached" : "done") + groups(host));
        StepList second = new StepList();
        build(host, second);
        System.out.println("second: " + (cached(second) ? "all cached" : "done") + groups(host));
      } catch (BuildException e) {
        System.out.println("failed: " + e.getMessage());
      }
    }

    private String groups(BuildHost host) {
      return ", groups left " + host.containers().machine().cgroups().list(node).size();
    }

    private static boolean cached(StepList steps) {
      return steps.all().stream().allMatch(s -> s.cached());
    }

    private StageState build(BuildHost host, StepList steps)
        throws IOException, InterruptedException {
      ImageBuild build =
          ImageBuild.read(
              Json.parse(
                      """
                      {"metadata": {"name": "all", "namespace": "shop", "uid": "u1"},
                       "spec": {"contextDigest": "sha256:%s", "repository": "shop/all"}}\
                      """
                          .formatted("0".repeat(64))
                          .getBytes(StandardCharsets.UTF_8))
                  .asObject());
      Script script = Script.parse("Dockerfile", Files.readString(dir.resolve("Dockerfile")));
      List<Script.Stage> needed = script.needed(build.spec().target());
      steps.plan(needed);
      CacheMounts mounts = new CacheMounts(host.root().resolve("cache").resolve("mounts"), sys);
      BuildLog log = new BuildLog(dir.resolve("build.log"), Clock.systemUTC());
      try {
        return new StageBuild(
                host, build, script, dir.resolve("context"), mounts, steps, log, () -> {})
            .build(needed);
      } catch (BuildException e) {
        System.err.println(Files.readString(log.file()));
        throw e;
      }
    }
  }
}
