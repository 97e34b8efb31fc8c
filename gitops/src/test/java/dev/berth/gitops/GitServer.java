package dev.berth.gitops;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// `git daemon` on a free port of loopback: every repository below a folder, without login.
public final class GitServer implements AutoCloseable {
  private final Path folder;
  private final int port;
  private Process process;

  public GitServer(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    this.port = freePort();
    this.process = start();
  }

  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process start() throws IOException, InterruptedException {
    Process started =
        new ProcessBuilder(
                "/usr/lib/git-core/git-daemon",
                "--base-path=" + folder,
                "--export-all",
                "--reuseaddr",
                "--listen=127.0.0.1",
                "--port=" + port,
                "--max-connections=64")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("daemon.log").toFile())
            .start();
    await(port, started);
    return started;
  }

  /// Returns when somebody listens.
  static void await(int port, Process process) throws IOException, InterruptedException {
    for (int i = 0; i < 500; i++) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
          throw new IOException("the server ended with " + process.exitValue(), e);
        }
      }
    }
    throw new IOException("nothing listens on " + port);
  }

  public String url(String name) {
    return "git://127.0.0.1:" + port + "/" + name;
  }

  public void stop() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.waitFor();
  }

  public void startAgain() throws IOException, InterruptedException {
    process = start();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
    process.onExit().join();
  }
}
