package dev.berth.gitops;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A bare repository and a work tree that pushes to it, made with the real `git`.
public final class TestRepository {
  private final Path tree;

  public TestRepository(Path folder, String name) throws IOException, InterruptedException {
    Path bare = folder.resolve(name);
    this.tree = Files.createDirectories(folder.resolve("tree-" + name));
    run(folder, "git", "init", "-q", "--bare", "-b", "main", bare.toString());
    git("init", "-q", "-b", "main");
    git("config", "gc.auto", "0");
    git("remote", "add", "origin", bare.toString());
  }

  public Path tree() {
    return tree;
  }

  public TestRepository write(String file, String text) throws IOException {
    Path path = tree.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
    return this;
  }

  public TestRepository delete(String file) throws IOException {
    Files.delete(tree.resolve(file));
    return this;
  }

  /// Commits everything and pushes it; answers the commit's id.
  public String push(String message) throws IOException, InterruptedException {
    String id = commit(message);
    git("push", "-q", "--force", "origin", "HEAD");
    return id;
  }

  public String commit(String message) throws IOException, InterruptedException {
    git("add", "-A");
    git("commit", "-q", "--allow-empty", "-m", message);
    return git("rev-parse", "HEAD");
  }

  public String git(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    return run(tree, command.toArray(String[]::new));
  }

  static String run(Path folder, String... command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.put("GIT_CONFIG_GLOBAL", "/dev/null");
    environment.put("GIT_CONFIG_NOSYSTEM", "1");
    for (String who : List.of("AUTHOR", "COMMITTER")) {
      environment.put("GIT_" + who + "_NAME", "Ada");
      environment.put("GIT_" + who + "_EMAIL", "ada@example.com");
    }
    Process process = builder.start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }
}
