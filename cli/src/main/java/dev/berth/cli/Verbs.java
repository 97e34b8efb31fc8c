package dev.berth.cli;

import dev.berth.cli.apply.ApplyVerb;
import dev.berth.cli.apply.BuildVerb;
import dev.berth.cli.apply.DeleteVerb;
import dev.berth.cli.apply.DevVerb;
import dev.berth.cli.apply.DiffVerb;
import dev.berth.cli.apply.RolloutStatusVerb;
import dev.berth.cli.backup.BackupVerb;
import dev.berth.cli.backup.RestoreVerb;
import dev.berth.cli.bootstrap.BootstrapVerb;
import dev.berth.cli.complete.CompletionVerb;
import dev.berth.cli.debug.DebugVerb;
import dev.berth.cli.git.GitDiffVerb;
import dev.berth.cli.git.GitHistoryVerb;
import dev.berth.cli.git.GitLsVerb;
import dev.berth.cli.git.GitResumeVerb;
import dev.berth.cli.git.GitRollbackVerb;
import dev.berth.cli.git.GitSuspendVerb;
import dev.berth.cli.git.GitSyncVerb;
import dev.berth.cli.host.AgentVerb;
import dev.berth.cli.host.ControllerVerb;
import dev.berth.cli.host.DoctorVerb;
import dev.berth.cli.host.DownVerb;
import dev.berth.cli.host.RehearseVerb;
import dev.berth.cli.host.UpVerb;
import dev.berth.cli.look.DashboardVerb;
import dev.berth.cli.look.DescribeVerb;
import dev.berth.cli.look.EventsVerb;
import dev.berth.cli.look.GetVerb;
import dev.berth.cli.look.ImagesVerb;
import dev.berth.cli.look.StatusVerb;
import dev.berth.cli.look.TopVerb;
import dev.berth.cli.look.VersionVerb;
import dev.berth.cli.rollout.RolloutHistoryVerb;
import dev.berth.cli.rollout.RolloutUndoVerb;
import dev.berth.cli.stream.CpVerb;
import dev.berth.cli.stream.ExecVerb;
import dev.berth.cli.stream.PortForwardVerb;
import dev.berth.cli.talk.CallVerb;
import dev.berth.cli.talk.LogsVerb;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Verb;
import dev.berth.cli.why.WhyVerb;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
          new Line("dashboard", "a link that logs a browser in, once"),
          new Line("top", "processor and memory in use: nodes, ModelApps, pods"),
          new Line("why", "the root cause of what is wrong, what follows from it, and the fix"),
          new Line(
              "doctor", "whether this host can run Berth, and does; each finding with its fix"),
          new Line("backup", "everything into one file, while it runs"),
          new Line("restore", "a backup into a data directory, while nothing runs there"));
  private static final List<Line> APPS =
      List.of(
          new Line("apply", "make it so: build, create or change, wait, show the progress"),
          new Line("diff", "what apply would change; exit code 1 when something would"),
          new Line("dev", "apply again whenever a file changes; Ctrl-C cleans up"),
          new Line("call", "ask a ModelApp's endpoint"),
          new Line("logs", "what the containers say, all pods of a ModelApp together"),
          new Line("exec", "a command in a container, in a terminal with -it"),
          new Line("port-forward", "a port here that leads to a port of a pod"),
          new Line("cp", "a file or a folder out of a container, or into one"),
          new Line("get", "objects as a table, yaml or json; -w keeps watching"),
          new Line("describe", "one object with its conditions and events"),
          new Line("events", "what happened, to everything or to one object; -w keeps watching"),
          new Line("rollout status", "wait until what was applied runs; show the progress"),
          new Line("rollout history", "the revisions of a Deployment or of a model"),
          new Line("rollout undo", "give a Deployment an earlier revision"),
          new Line("delete", "remove objects"));
  private static final List<Line> GIT =
      List.of(
          new Line("git ls", "the GitRepositories: commit, sync, health, what is wrong"),
          new Line("git sync", "ask the remote now, apply what is new, wait until it is healthy"),
          new Line("git diff", "what differs between the commit and the cluster"),
          new Line("git history", "what was applied, and how it ended"),
          new Line("git rollback", "go back to a revision; the one that is left is skipped"),
          new Line("git suspend", "stop syncing"),
          new Line("git resume", "go on syncing"));
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
    List<String> args = List.of(rest);
    if (!group(word).isEmpty()) {
      return Optional.ofNullable(
              args.isEmpty() ? null : make(word + " " + args.getFirst(), terminal))
          .map(verb -> new Found(verb, args.subList(1, args.size())));
    }
    return Optional.ofNullable(make(word, terminal)).map(verb -> new Found(verb, args));
  }

  /// The verbs of two words that begin with this one.
  static List<String> group(String word) {
    return names().stream().filter(name -> name.startsWith(word + " ")).toList();
  }

  static List<String> helpOf(String group) {
    List<String> lines = new ArrayList<>();
    lines()
        .filter(line -> line.name().startsWith(group + " "))
        .forEach(line -> lines.add(help(line)));
    lines.add("");
    lines.add("berth " + group + " WORD --help shows examples and options.");
    return lines;
  }

  private static Stream<Line> lines() {
    return Stream.of(ON_THIS_HOST, APPS, GIT, IMAGES, OTHER).flatMap(List::stream);
  }

  /// A switch, not a map of suppliers: only the class of the verb in use is loaded.
  static @Nullable Verb make(String word, Terminal terminal) {
    return switch (word) {
      case "up" -> new UpVerb(terminal);
      case "down" -> new DownVerb(terminal);
      case "doctor" -> new DoctorVerb(terminal);
      case "debug" -> new DebugVerb(terminal);
      case "backup" -> new BackupVerb(terminal);
      case "restore" -> new RestoreVerb(terminal);
      case "status" -> new StatusVerb(terminal);
      case "dashboard" -> new DashboardVerb(terminal);
      case "top" -> new TopVerb(terminal);
      case "why" -> new WhyVerb(terminal);
      case "apply" -> new ApplyVerb(terminal);
      case "diff" -> new DiffVerb(terminal);
      case "dev" -> new DevVerb(terminal);
      case "call" -> new CallVerb(terminal);
      case "logs" -> new LogsVerb(terminal);
      case "exec" -> new ExecVerb(terminal);
      case "port-forward" -> new PortForwardVerb(terminal);
      case "cp" -> new CpVerb(terminal);
      case "get" -> new GetVerb(terminal);
      case "events" -> new EventsVerb(terminal);
      case "describe" -> new DescribeVerb(terminal);
      case "delete" -> new DeleteVerb(terminal);
      case "build" -> new BuildVerb(terminal);
      case "images" -> new ImagesVerb(terminal);
      case "rollout status" -> new RolloutStatusVerb(terminal);
      case "rollout history" -> new RolloutHistoryVerb(terminal);
      case "rollout undo" -> new RolloutUndoVerb(terminal);
      case "git ls" -> new GitLsVerb(terminal);
      case "git sync" -> new GitSyncVerb(terminal);
      case "git diff" -> new GitDiffVerb(terminal);
      case "git history" -> new GitHistoryVerb(terminal);
      case "git rollback" -> new GitRollbackVerb(terminal);
      case "git suspend" -> new GitSuspendVerb(terminal);
      case "git resume" -> new GitResumeVerb(terminal);
      case "image bootstrap" -> new BootstrapVerb(terminal);
      case "controller" -> new ControllerVerb(terminal);
      case "agent" -> new AgentVerb(terminal);
      case "rehearse" -> RehearseVerb.ofServers(terminal);
      case "rehearse-verbs" -> RehearseVerb.ofVerbs(terminal, words -> Main.run(terminal, words));
      case "version" -> new VersionVerb(terminal);
      case "completion" -> new CompletionVerb(terminal, Completions::of);
      default -> null;
    };
  }

  static List<String> names() {
    return lines().map(Line::name).toList();
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
    add(lines, "Git", GIT);
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
    group.forEach(line -> lines.add(help(line)));
  }

  private static String help(Line line) {
    return String.format("  %-17s %s", line.name(), line.summary());
  }
}
