package dev.berth.cli;

import dev.berth.cli.apply.ApplyVerb;
import dev.berth.cli.apply.BuildVerb;
import dev.berth.cli.apply.DeleteVerb;
import dev.berth.cli.backup.BackupVerb;
import dev.berth.cli.backup.RestoreVerb;
import dev.berth.cli.bootstrap.BootstrapVerb;
import dev.berth.cli.complete.CompletionVerb;
import dev.berth.cli.debug.DebugVerb;
import dev.berth.cli.host.AgentVerb;
import dev.berth.cli.host.ControllerVerb;
import dev.berth.cli.host.DownVerb;
import dev.berth.cli.host.UpVerb;
import dev.berth.cli.look.DescribeVerb;
import dev.berth.cli.look.GetVerb;
import dev.berth.cli.look.ImagesVerb;
import dev.berth.cli.look.StatusVerb;
import dev.berth.cli.look.VersionVerb;
import dev.berth.cli.talk.CallVerb;
import dev.berth.cli.talk.LogsVerb;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Verb;
import dev.berth.cli.why.WhyVerb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The words of the command line, each with one line of help.
final class Verbs {
  /// A verb, made, and what is left of the words for it.
  record Found(Verb verb, List<String> args) {}

  private record Line(String name, String summary) {}

  private static final List<Line> ON_THIS_HOST =
      List.of(
          new Line("up", "start Berth on this host"),
          new Line("down", "stop it with every container; --purge removes everything"),
          new Line("status", "what runs, model -> endpoint -> app, and what is wrong where"),
          new Line("why", "the root cause of what is wrong, what follows from it, and the fix"),
          new Line("backup", "everything into one file, while it runs"),
          new Line("restore", "a backup into a data directory, while nothing runs there"));
  private static final List<Line> APPS =
      List.of(
          new Line("apply", "make it so: build, create or change, wait, show the progress"),
          new Line("call", "ask a ModelApp's endpoint"),
          new Line("logs", "what the containers say, all pods of a ModelApp together"),
          new Line("get", "objects as a table, yaml or json; -w keeps watching"),
          new Line("describe", "one object with its conditions and events"),
          new Line("delete", "remove objects"));
  private static final List<Line> IMAGES =
      List.of(
          new Line("build", "build an image from a folder"),
          new Line("images", "what the cluster's repository holds, and where it came from"),
          new Line("image bootstrap", "bring a base image, with or without Docker Hub"));
  private static final List<Line> OTHER =
      List.of(
          new Line("controller", "the controller alone"),
          new Line("agent", "the agent alone"),
          new Line("debug", "what every stage of Berth knows of one object"),
          new Line("version", "client and server"),
          new Line("completion", "completion for bash, zsh or fish"),
          new Line("help", "this, or one verb's help: berth help apply"));

  private Verbs() {}

  static Optional<Found> of(String word, String[] rest, Terminal terminal) {
    if (word.equals("image")) {
      boolean bootstrap = rest.length > 0 && rest[0].equals("bootstrap");
      return Optional.of(
          new Found(
              new BootstrapVerb(terminal),
              bootstrap ? List.of(rest).subList(1, rest.length) : List.of("--help")));
    }
    return Optional.ofNullable(make(word, terminal)).map(verb -> new Found(verb, List.of(rest)));
  }

  /// A switch, not a map of suppliers: only the class of the verb in use is loaded.
  static @Nullable Verb make(String word, Terminal terminal) {
    return switch (word) {
      case "up" -> new UpVerb(terminal);
      case "down" -> new DownVerb(terminal);
      case "debug" -> new DebugVerb(terminal);
      case "backup" -> new BackupVerb(terminal);
      case "restore" -> new RestoreVerb(terminal);
      case "status" -> new StatusVerb(terminal);
      case "why" -> new WhyVerb(terminal);
      case "apply" -> new ApplyVerb(terminal);
      case "call" -> new CallVerb(terminal);
      case "logs" -> new LogsVerb(terminal);
      case "get" -> new GetVerb(terminal);
      case "describe" -> new DescribeVerb(terminal);
      case "delete" -> new DeleteVerb(terminal);
      case "build" -> new BuildVerb(terminal);
      case "images" -> new ImagesVerb(terminal);
      case "image bootstrap" -> new BootstrapVerb(terminal);
      case "controller" -> new ControllerVerb(terminal);
      case "agent" -> new AgentVerb(terminal);
      case "version" -> new VersionVerb(terminal);
      case "completion" -> new CompletionVerb(terminal, Completions::of);
      default -> null;
    };
  }

  static List<String> names() {
    List<String> names = new ArrayList<>();
    for (List<Line> group : List.of(ON_THIS_HOST, APPS, IMAGES, OTHER)) {
      group.forEach(line -> names.add(line.name()));
    }
    return names;
  }

  static List<String> help() {
    List<String> lines = new ArrayList<>();
    lines.add("berth runs machine-learning apps: a model, an app and the endpoint between them.");
    lines.add("");
    lines.add("  sudo berth up --detach            start it");
    lines.add("  berth apply -f manifests/digits   run an app");
    lines.add("  berth status                      see it");
    add(lines, "On this host", ON_THIS_HOST);
    add(lines, "Apps", APPS);
    add(lines, "Images", IMAGES);
    add(lines, "Other", OTHER);
    lines.add("");
    lines.add(
        "berth VERB --help shows examples and options. Exit codes: 0 ok, 1 failed, 2 rollout"
            + " failed,");
    lines.add("3 timeout, 4 invalid manifest, 5 server unreachable.");
    return lines;
  }

  private static void add(List<String> lines, String title, List<Line> group) {
    lines.add("");
    lines.add(title);
    group.forEach(line -> lines.add(String.format("  %-17s %s", line.name(), line.summary())));
  }
}
