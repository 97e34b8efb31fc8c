package dev.berth.e2e;

import dev.berth.e2e.Failure.Group;
import java.time.Duration;
import java.util.List;

/// Processes that do not start, do not stay, or do not listen where they should.
final class ProcessFailures {
  private static final Duration SLOW = Duration.ofMinutes(4);

  private ProcessFailures() {}

  private static Failure process(String name, String title, String reason, String... lines) {
    return Failure.of(Group.PROCESS, name, title, Spec.of(lines), reason);
  }

  static List<Failure> process() {
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
                "no-permission",
                "The process may not write where it wants to",
                "NoPermission",
                "env: [{name: WRITE, value: /cache}]",
                "podTemplate: {containers: [{name: model, securityContext: {runAsUser: 1000}}]}")
            .naming("/cache")
            .repairedBy(
                Spec.of(
                    "env: [{name: WRITE, value: /dev/shm/cache}]",
                    "podTemplate: {containers: [{name: model, securityContext: {runAsUser:"
                        + " 1000}}]}")),
        process(
                "root-refused",
                "The image's user is root, and the pod says that it may not be",
                "StartFailed",
                "podTemplate: {containers: [{name: model, securityContext: {runAsNonRoot: true}}]}")
            .naming("runAsNonRoot", "runAsUser")
            .repairedBy(
                Spec.of(
                    "podTemplate: {containers: [{name: model, securityContext: {runAsNonRoot:"
                        + " true, runAsUser: 1000}}]}")),
        process(
                "read-only-root",
                "The process writes to a root that is read-only",
                "ReadOnlyRoot",
                "env: [{name: WRITE, value: /cache}]",
                "podTemplate: {containers: [{name: model, securityContext: {readOnlyRootFilesystem:"
                    + " true}}]}")
            .naming("/cache", "readOnlyRootFilesystem")
            .repairedBy(Spec.of("env: [{name: WRITE, value: /cache}]")),
        process(
            "too-many-processes",
            "The process starts more processes than it may",
            "TooManyProcesses",
            "env: [{name: FORKS, value: '3000'}]"),
        process(
            "too-many-files",
            "The process opens more files than it may",
            "TooManyFiles",
            "env: [{name: FILES, value: '2000000'}]"),
        process(
                "disk-full",
                "The process writes more than its part of the disk",
                "DiskFull",
                "args: [model]",
                "env: [{name: FILL, value: '/fill:20'}, {name: SILENT, value: '1'}]",
                "resources: {requests: {cpu: 1m, memory: 16Mi}, limits: {ephemeral-storage: 16Mi}}")
            .naming("16 MiB", "spec.model.resources.limits.ephemeral-storage: 32Mi"));
  }
}
