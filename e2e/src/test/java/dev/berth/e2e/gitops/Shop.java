package dev.berth.e2e.gitops;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A repository with a work tree, and Git's own server in front of it, inside a host's network
/// namespace.
final class Shop {
  private static final int PORT = 9418;

  private final TestHost host;
  private final Path server;
  private final Path work;

  private Shop(TestHost host) {
    this.host = host;
    this.server = host.dir().resolve("git");
    this.work = host.dir().resolve("work");
  }

  static Shop open(TestHost host) throws IOException, InterruptedException {
    Shop shop = new Shop(host);
    Files.createDirectories(shop.server);
    shop.git(host.dir(), "init", "-q", "--bare", "--initial-branch=main", "git/shop.git");
    shop.git(host.dir(), "clone", "-q", "git/shop.git", "work");
    shop.git(shop.work, "checkout", "-q", "-b", "main");
    shop.serve();
    return shop;
  }

  /// Returns when it listens.
  private void serve() throws IOException, InterruptedException {
    host.startInNamespace(
        host.dir().resolve("git.log"),
        List.of(
            "git",
            "daemon",
            "--base-path=" + server,
            "--export-all",
            "--reuseaddr",
            "--listen=127.0.0.1",
            "--port=" + PORT));
    String listens = "127.0.0.1:" + PORT;
    TestHost.waitUntil("the Git server listens", () -> sockets().contains(listens));
  }

  private String sockets() {
    try {
      return host.inNamespace("ss", "-Hltn").out();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  static String url() {
    return "git://127.0.0.1:" + PORT + "/shop.git";
  }

  Path work() {
    return work;
  }

  void write(String file, String text) throws IOException {
    Path path = work.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  /// Commits everything there is and pushes it.
  ///
  /// @return the commit
  String push(String subject) throws IOException, InterruptedException {
    git(work, "add", "-A");
    git(work, "commit", "-q", "-m", subject);
    git(work, "push", "-q", "origin", "main");
    return git(work, "rev-parse", "HEAD").strip();
  }

  String git(Path folder, String... words) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "git",
                "-C",
                folder.toString(),
                "-c",
                "user.name=reader",
                "-c",
                "user.email=reader@example.com",
                "-c",
                "commit.gpgsign=false"));
    command.addAll(List.of(words));
    return TestHost.run(command).ok().out();
  }
}
