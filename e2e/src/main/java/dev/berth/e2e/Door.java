package dev.berth.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// A way from this process into the network namespace of a test host: a port of ours, a Unix
/// socket, which knows no network namespaces, and a relay on the other side.
public final class Door implements AutoCloseable {
  private final Path folder;
  private final ServerSocket ours;
  private final Process relay;

  private Door(Path folder, ServerSocket ours, Process relay) {
    this.folder = folder;
    this.ours = ours;
    this.relay = relay;
  }

  /// Leads to that port of the host's loopback address.
  public static Door open(TestHost host, int port) throws IOException {
    Path folder = Files.createTempDirectory("berth-door-");
    Path socket = folder.resolve("s");
    Process relay = host.startJava(Door.class, socket.toString(), Integer.toString(port));
    if (!"open".equals(relay.inputReader().readLine())) {
      throw new IOException("the relay did not start");
    }
    ServerSocket ours = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    Thread.ofPlatform()
        .name("door-" + port)
        .daemon()
        .start(() -> accept(ours, UnixDomainSocketAddress.of(socket)));
    return new Door(folder, ours, relay);
  }

  /// The port on this side, at the loopback address.
  public int port() {
    return ours.getLocalPort();
  }

  private static void accept(ServerSocket ours, UnixDomainSocketAddress there) {
    while (!ours.isClosed()) {
      try {
        Socket one = ours.accept();
        SocketChannel other = SocketChannel.open(there);
        join(
            one.getInputStream(),
            one.getOutputStream(),
            Channels.newInputStream(other),
            Channels.newOutputStream(other));
      } catch (IOException e) {
        // Whoever came sees a connection that ends; the next one may have more luck.
      }
    }
  }

  /// Two threads, each until its direction ends.
  private static void join(
      InputStream in, OutputStream out, InputStream otherIn, OutputStream otherOut) {
    Thread.ofVirtual().start(() -> pump(in, otherOut));
    Thread.ofVirtual().start(() -> pump(otherIn, out));
  }

  private static void pump(InputStream in, OutputStream out) {
    try (in;
        out) {
      byte[] buffer = new byte[64 << 10];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // One side has gone: closing tells the other.
    }
  }

  /// The relay, in the host's namespace. Arguments: the Unix socket, the port.
  public static void main(String[] args) throws IOException {
    try (ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      door.bind(UnixDomainSocketAddress.of(args[0]));
      PrintStream out = System.out;
      out.println("open");
      out.flush();
      for (; ; ) {
        lead(door.accept(), Integer.parseInt(args[1]));
      }
    }
  }

  private static void lead(SocketChannel one, int port) throws IOException {
    try {
      SocketChannel other =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      join(
          Channels.newInputStream(one),
          Channels.newOutputStream(one),
          Channels.newInputStream(other),
          Channels.newOutputStream(other));
    } catch (ConnectException e) {
      // Nobody listens while a server starts again: the next one may have more luck.
      one.close();
    }
  }

  @Override
  public void close() throws IOException {
    ours.close();
    relay.destroyForcibly();
    Files.deleteIfExists(folder.resolve("s"));
    Files.delete(folder);
  }
}
