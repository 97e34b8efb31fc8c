package dev.berth.e2e;

import dev.berth.e2e.Failure.Group;
import dev.berth.e2e.Failure.Look;
import dev.berth.e2e.Failure.Repair;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// The catalogue. The order is that of the document.
final class Failures {
  private static final String REGISTRY = "127.0.0.1:" + Catalogue.REGISTRY;
  private static final Duration SLOW = Duration.ofSeconds(90);

  /// Induced side by side in one Berth.
  static final List<Failure> ALL =
      Stream.of(images(), builds(), process(), protocol(), wiring(), placement())
          .flatMap(List::stream)
          .toList();

  /// Of a host as a whole: one after the other, on a host of their own.
  static final Failure PORT_TAKEN =
      host("port-taken", "A port of the host is taken", "", "up")
          .naming("ingress port 8080", "box (pid 4711)", "--ingress-port");

  static final Failure KERNEL =
      host("kernel-feature", "The kernel lacks what containers need", "", "up")
          .naming("overlay", "modprobe overlay");
  static final Failure MEMORY_PRESSURE =
      host("memory-pressure", "The host is short of memory", "MemoryPressure", "why", "node")
          .naming("100 MiB of 8192 MiB");
  static final Failure NODE_GONE =
      host("node-gone", "The node is gone", "NodeLost", "why", "node-gone").naming("berth agent");

  static final List<Failure> HOST = List.of(PORT_TAKEN, KERNEL, MEMORY_PRESSURE, NODE_GONE);

  /// What the document lists.
  static final List<Failure> EVERY = Stream.concat(ALL.stream(), HOST.stream()).toList();

  private Failures() {}

  private static Failure host(String name, String title, String reason, String... words) {
    return Failure.of(Group.HOST, name, title, Spec.working(), reason)
        .looking(words)
        .repairedBy(new Repair.ByHand());
  }

  private static List<Failure> images() {
    return List.of(
        Failure.of(
                Group.IMAGES,
                "misnamed-image",
                "The image is not there; another is named nearly so",
                Spec.of("image: digitz-model:1"),
                "ImageNotFound")
            .naming("digits-model:1")
            .repairedBy(Spec.of("image: digits-model:1")),
        Failure.of(
            Group.IMAGES,
            "login-needed",
            "The registry wants a login",
            Spec.of("image: " + REGISTRY + "/locked/digits:1"),
            "LoginNeeded"),
        Failure.of(
                Group.IMAGES,
                "wrong-platform",
                "The image is for another kind of machine",
                Spec.of("image: " + REGISTRY + "/arm/digits:1"),
                "WrongPlatform")
            .naming("linux/arm64", "linux/amd64"));
  }

  private static Failure build(String name, String title, String script) {
    return Failure.of(
            Group.BUILDS,
            name,
            title,
            Spec.of("build: {context: " + name + "}", "args: [model]"),
            "BuildFailed")
        .file("Dockerfile", script);
  }

  private static List<Failure> builds() {
    String well = "FROM scratch\nCOPY box /box\nENTRYPOINT [\"/box\"]\n";
    return List.of(
        build(
                "failing-step",
                "A step of the build fails",
                """
                        FROM scratch
                        COPY box /box
                        RUN ["/box", "fail", "3", "the disk is made of cheese"]
                        """)
            .naming("Dockerfile:3", "the disk is made of cheese", "exited with 3")
            .repairedBy(new Repair.Edit("Dockerfile", well)),
        build(
                "unknown-flag",
                "The container script has mistakes",
                "FROM scratch\nCOPY --chwon=1000 box /box\nRNU [\"/box\"]\nENTRYPOINT [\"/box\"]\n")
            .looking(new Look.Apply())
            .naming("Dockerfile:2:6", "--chown", "Dockerfile:3:1", "RUN")
            .repairedBy(new Repair.Edit("Dockerfile", well)),
        build(
                "missing-source",
                "COPY names a file that is not in the context",
                "FROM scratch\nCOPY bx /box\nENTRYPOINT [\"/box\"]\n")
            .looking(new Look.Apply())
            .naming("Dockerfile:2", "nearest: box")
            .repairedBy(new Repair.Edit("Dockerfile", well)),
        build("ignored-source", "COPY names a file that .dockerignore hides", well)
            .file(".dockerignore", "*\n!Dockerfile\n")
            .looking(new Look.Apply())
            .naming(".dockerignore:1", "!box")
            .repairedBy(new Repair.Edit(".dockerignore", "*\n!Dockerfile\n!box\n")),
        build("missing-base", "The base image is not there", "FROM bx:1\nENTRYPOINT [\"/box\"]\n")
            .naming("Dockerfile:1", "bx:1", "box:1")
            .repairedBy(new Repair.Edit("Dockerfile", "FROM box:1\nENTRYPOINT [\"/box\"]\n")));
  }

  private static Failure process(String name, String title, String reason, String... lines) {
    return Failure.of(Group.PROCESS, name, title, Spec.of(lines), reason);
  }

  private static List<Failure> process() {
    return List.of(
        process(
                "missing-command",
                "The command is not in the image",
                "CommandNotFound",
                "command: [/bx]")
            .naming("/bx", "spec.model.command")
            .repairedBy(Spec.of("command: [/box]")),
        process(
                "not-executable",
                "The command is not an executable file",
                "NotExecutable",
                "image: strange:1",
                "command: [/unmarked]")
            .naming("/unmarked", "chmod"),
        process(
                "wrong-architecture",
                "The command is a program for another processor",
                "WrongArchitecture",
                "image: strange:1",
                "command: [/arm64]")
            .naming("aarch64", "x86_64"),
        process(
                "missing-interpreter",
                "The script's interpreter is not in the image",
                "InterpreterMissing",
                "image: strange:1",
                "command: [/script]")
            .naming("/usr/bin/python3"),
        process(
                "missing-loader",
                "The program's loader is not in the image",
                "InterpreterMissing",
                "image: strange:1",
                "command: [/dynamic]")
            .naming("/lib/ld-other.so.1"),
        process(
                "exits-at-once",
                "The process ends at once, with exit code 0",
                "ExitedAtOnce",
                "args: [fail, '0', nothing to do]")
            .naming("spec.model.command")
            .repairedBy(Spec.working()),
        process(
                "traceback",
                "The process fails with a traceback",
                "ExitedEarly",
                "args: [traceback, numpy]")
            .naming("ModuleNotFoundError: No module named 'numpy'", "numpy"),
        process(
                "segfault",
                "The process is killed by a signal",
                "KilledBySignal",
                "args: [die, '11']")
            .naming("SIGSEGV"),
        process(
                "memory",
                "The process needs more memory than its limit",
                "OutOfMemory",
                "env: [{name: EAT, value: '200'}]",
                "resources: {requests: {cpu: 1m, memory: 16Mi}, limits: {memory: 32Mi}}")
            .naming("32 MiB", "spec.model.resources.limits.memory")
            .repairedBy(
                Spec.of(
                    "env: [{name: EAT, value: '200'}]",
                    "resources: {requests: {cpu: 1m, memory: 16Mi}, limits: {memory: 512Mi}}")),
        process(
                "restart-loop",
                "The process fails again and again",
                "ExitedEarly",
                "args: [fail, '7', cannot find my weights]")
            .naming("next try at", "cannot find my weights", "exited with code 7"),
        process(
                "hangs",
                "The process runs, but listens nowhere",
                "HangsBeforeListening",
                "args: [hang]")
            .within(SLOW),
        process(
                "other-port",
                "The process listens on another port",
                "PortNotListening",
                "env: [{name: PORT, value: '8000'}]")
            .naming("8080", "8000", "spec.model.port")
            .repairedBy(Spec.of("env: [{name: PORT, value: '8000'}]", "port: 8000")),
        process(
                "loopback-only",
                "The process listens on 127.0.0.1 only",
                "ListensOnLoopback",
                "env: [{name: BIND, value: 127.0.0.1}]")
            .naming("127.0.0.1", "0.0.0.0")
            .repairedBy(Spec.of("env: [{name: BIND, value: 0.0.0.0}]")),
        process(
                "ipv6-only",
                "The process listens on IPv6 only",
                "ListensOnIPv6Only",
                "env: [{name: BIND, value: '::'}]")
            .naming("0.0.0.0")
            .repairedBy(Spec.of("env: [{name: BIND, value: 0.0.0.0}]")),
        process(
            "too-many-processes",
            "The process starts more processes than it may",
            "TooManyProcesses",
            "env: [{name: FORKS, value: '3000'}]"),
        process(
            "too-many-files",
            "The process opens more files than it may",
            "TooManyFiles",
            "env: [{name: FILES, value: '2000000'}]"));
  }

  private static Failure protocol(String name, String title, Spec spec, String reason) {
    return Failure.of(Group.PROTOCOL, name, title, spec, reason);
  }

  private static List<Failure> protocol() {
    return List.of(
        protocol(
                "never-ready",
                "The server answers, but its model does not become ready",
                Spec.of("env: [{name: READY, value: never}]"),
                "NeverReady")
            .within(SLOW),
        protocol(
                "silent",
                "The server takes questions and does not answer",
                Spec.of("env: [{name: ANSWER, value: none}]"),
                "ProbeTimeout")
            .within(SLOW));
  }

  private static Failure wiring(String name, String title, Spec spec, String reason) {
    return Failure.of(Group.WIRING, name, title, spec, reason);
  }

  private static List<Failure> wiring() {
    return List.of(
        wiring(
                "called-early",
                "The endpoint is called before a model is ready",
                Spec.of("args: [hang]"),
                "HangsBeforeListening")
            .looking("call", "called-early")
            .naming("no replica"),
        wiring(
                "stranger",
                "The endpoint is called by a pod that is not the app of its ModelApp",
                Spec.working(),
                "")
            .looking(new Look.FromApp("other", "digits-model", "/v2/models/digits"))
            .naming("403", "default/digits"),
        wiring(
                "wrong-path",
                "The endpoint is called with a path that it does not have",
                Spec.working(),
                "")
            .looking(new Look.FromApp("digits", "digits-model", "/predict"))
            .naming("404", "/v2/models/digits/infer"),
        wiring(
                "too-slow",
                "The model takes longer than the endpoint waits",
                Spec.of("env: [{name: SLOW, value: '3'}]").endpoint("timeouts: {request: 1s}"),
                "")
            .looking("call", "too-slow")
            .naming("spec.endpoint.timeouts.request"),
        wiring(
                "host-taken",
                "Another ModelApp has the ingress host",
                Spec.working().app().ingress("host: digits.localhost"),
                "HostConflict")
            .naming("digits.localhost", "default/digits", "spec.ingress.host")
            .repairedBy(Spec.working().app().ingress("host: host-taken.localhost")),
        wiring(
                "secret-missing",
                "A variable refers to a Secret that is not there",
                Spec.of(
                    "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: hub-token, key:"
                        + " token}}}]"),
                "SecretNotFound")
            .naming("hub-token")
            .repairedBy(
                Spec.of(
                        "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: hub-token, key:"
                            + " token}}}]")
                    .after(
                        """
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: hub-token}
                        stringData: {token: abc}""")),
        wiring(
                "secret-key-missing",
                "A variable refers to a key that the Secret does not have",
                Spec.of(
                        "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: api-token, key:"
                            + " tokn}}}]")
                    .after(
                        """
                        apiVersion: v1
                        kind: Secret
                        metadata: {name: api-token}
                        stringData: {token: abc}"""),
                "SecretKeyNotFound")
            .naming("tokn", "token")
            .repairedBy(
                Spec.of(
                    "env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: api-token, key:"
                        + " token}}}]")),
        wiring(
                "configmap-missing",
                "A variable refers to a ConfigMap that is not there",
                Spec.of(
                    "env: [{name: MODE, valueFrom: {configMapKeyRef: {name: modes, key: mode}}}]"),
                "ConfigMapNotFound")
            .naming("modes"),
        wiring(
                "configmap-key-missing",
                "A variable refers to a key that the ConfigMap does not have",
                Spec.of(
                        "env: [{name: MODE, valueFrom: {configMapKeyRef: {name: speed, key:"
                            + " mod}}}]")
                    .after(
                        """
                        apiVersion: v1
                        kind: ConfigMap
                        metadata: {name: speed}
                        data: {mode: fast}"""),
                "ConfigMapKeyNotFound")
            .naming("mod", "mode"));
  }

  private static List<Failure> placement() {
    return List.of(
        Failure.of(
                Group.PLACEMENT,
                "too-large",
                "No node is large enough",
                Spec.of("resources: {requests: {cpu: 64, memory: 16Mi}}"),
                "Unschedulable")
            .naming("node-1", "spec.model.resources.requests")
            .repairedBy(Spec.working()),
        Failure.of(
                Group.PLACEMENT,
                "no-such-node",
                "The selector matches no node",
                Spec.of("podTemplate: {nodeSelector: {disk: ssd}}"),
                "Unschedulable")
            .naming("disk=ssd")
            .repairedBy(Spec.working()),
        Failure.of(
                Group.PLACEMENT,
                "unknown-node",
                "The pod is bound to a node that does not exist",
                Spec.of("podTemplate: {nodeName: nowhere}"),
                "Unschedulable")
            .naming("nowhere", "spec.model.podTemplate.nodeName")
            .repairedBy(Spec.working()));
  }
}
