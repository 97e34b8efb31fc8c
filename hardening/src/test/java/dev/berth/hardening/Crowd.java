package dev.berth.hardening;

import dev.berth.client.ApiClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Many clients of the API server that do nothing any more, in a process of its own: what they cost
/// is then the server's alone. Arguments: the administrator's kubeconfig, a [Habit], how many.
///
/// Prints `open` when all are there. For each line that it reads it prints how many of them are
/// still connected; it ends with its input.
final class Crowd {
  private static final int PORT = 6443;
  private static final int CALLERS = 4;
  private static final int CONNECT_MILLIS = 60_000;

  /// How a client of the crowd behaves, until it does nothing.
  enum Habit {
    /// Connects, and never says a word.
    MUTE(""),
    /// Asks once and keeps its connection, as a browser does.
    IDLE("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n"),
    /// Sends the head of a request and stops in the middle of the body.
    HALF(
        "POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: x\r\n"
            + "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"meta"),
    /// Watches, and reads nothing after the head of the answer.
    DEAF("GET /api/v1/namespaces/default/configmaps?watch=true HTTP/1.1\r\nHost: x\r\n\r\n");

    private final String request;

    Habit(String request) {
      this.request = request;
    }
  }

  private Crowd() {}

  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    Habit habit = Habit.valueOf(args[1]);
    List<Socket> crowd = List.of();
    try (ApiClient admin = ApiClient.fromKubeconfig(Path.of(args[0]))) {
      crowd = gather(admin.sslContext().getSocketFactory(), habit, Integer.parseInt(args[2]));
    }
    PrintStream out = System.out;
    out.println("open");
    out.flush();
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (commands.readLine() != null) {
      out.println(crowd.stream().filter(Crowd::isConnected).count());
      out.flush();
    }
  }

  private static List<Socket> gather(SSLSocketFactory tls, Habit habit, int size)
      throws InterruptedException, ExecutionException {
    List<Socket> crowd = new ArrayList<>();
    try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
      List<Callable<Socket>> calls = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        calls.add(() -> connect(tls, habit));
      }
      for (Future<Socket> call : callers.invokeAll(calls)) {
        crowd.add(call.get());
      }
    }
    return crowd;
  }

  /// The TLS state of a client that will say nothing more is dropped: only its connection counts.
  private static Socket connect(SSLSocketFactory tls, Habit habit) throws IOException {
    Socket plain = new Socket();
    plain.setReceiveBufferSize(4096);
    plain.setSoTimeout(CONNECT_MILLIS);
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT), CONNECT_MILLIS);
    if (habit == Habit.MUTE) {
      return plain;
    }
    SSLSocket secure = (SSLSocket) tls.createSocket(plain, "localhost", PORT, false);
    secure.startHandshake();
    secure.getOutputStream().write(habit.request.getBytes(StandardCharsets.US_ASCII));
    secure.getOutputStream().flush();
    if (habit != Habit.HALF && secure.getInputStream().read() < 0) {
      throw new IOException("the server has closed the connection instead of an answer");
    }
    return plain;
  }

  /// Reads what has come, if anything: only the end of the stream tells of a close.
  private static boolean isConnected(Socket socket) {
    try {
      socket.setSoTimeout(1);
      InputStream in = socket.getInputStream();
      byte[] some = new byte[16 << 10];
      int n = in.read(some);
      while (n > 0) {
        n = in.read(some);
      }
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
