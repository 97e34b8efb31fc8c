package dev.berth.agent.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.agent.linux.Syscalls;
import dev.berth.api.Cidr;
import dev.berth.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// Pods reach the API server by the address and the name of its service, wherever the agent reaches
/// it: on this host's loopback alone, on a host without any other link, on another host; and
/// nothing else of this host.
class ApiAccessIT {
  @TempDir Path dir;

  @Test
  void podsReachTheApiServerWhereverTheAgentDoes() throws Exception {
    assertEquals(
        List.of(
            "loopback: here says hello",
            "by name: 10.216.0.1",
            "a model: here says hello",
            "a megabyte: the same",
            "half closed: here says last",
            "another port of the host: refused",
            "away: ended",
            "back: here says hello",
            "another host: far says hello",
            "256 held: ended",
            "a neighbour: far says hello",
            "after they left: far says hello",
            "after a restart: here says hello"),
        InOwnNetwork.run(Cases.class, dir));
  }

  /// The other process, whose host has no link but its loopback.
  static final class Cases {
    private static final Cidr SUBNET = Cidr.parse("10.215.7.0/24");
    private static final Cidr SERVICES = Cidr.parse("10.216.0.0/16");
    private static final String VIP = "10.216.0.1";
    private static final int MEGABYTE = 1 << 20;
    private static final int PATIENCE_MILLIS = 20_000;
    private final Path run;
    private final Syscalls sys = new JnaSyscalls();
    private volatile URI server = URI.create("https://127.0.0.1:1");

    private Cases(Path run) {
      this.run = run;
    }

    public static void main(String[] words) throws Exception {
      new Cases(Path.of(words[0])).all();
      System.exit(0); // the stand-ins listen for ever
    }

    /// What is said here is compared by the test.
    private static void told(String what, String outcome) {
      System.out.println(what + ": " + outcome);
    }

    private void all() throws Exception {
      URI here = standIn("here", new ServerSocket(0, 64, InetAddress.ofLiteral("127.0.0.1")));
      server = here;
      try (PodNetwork network = network();
          ApiRelay relay = new ApiRelay(network.bridge().address(), () -> server);
          Dns _ = new Dns(network.bridge().address(), new DnsZone(network::table), List.of())) {
        apply(network, relay);
        Sandbox pod = network.attach("pod-1");
        reached(network, pod);
        URI there = server;
        server = URI.create("https://127.0.0.1:1");
        told("away", ask(pod, "hello"));
        server = there;
        told("back", ask(pod, "hello"));
        try (Machine other = new Machine()) {
          server = other.standIn();
          told("another host", ask(pod, "hello"));
          bounded(network, pod);
        }
      }
      server = here;
      try (PodNetwork network = network();
          ApiRelay relay = new ApiRelay(network.bridge().address(), () -> server)) {
        apply(network, relay);
        told("after a restart", ask(network.find("pod-1").orElseThrow(), "hello"));
      }
    }

    private PodNetwork network() {
      return PodNetwork.start(sys, run, SUBNET, SUBNET, SERVICES);
    }

    /// Its slice names an address that no pod can reach.
    private static void apply(PodNetwork network, ApiRelay relay) {
      ObjectNode service =
          Json.parseObject(
              """
              {"metadata": {"name": "kubernetes", "namespace": "default"},
               "spec": {"clusterIP": "%s",
                        "ports": [{"name": "https", "protocol": "TCP", "port": 443}]}}"""
                  .formatted(VIP));
      ObjectNode slice =
          Json.parseObject(
              """
              {"metadata": {"name": "kubernetes", "namespace": "default",
                            "labels": {"kubernetes.io/service-name": "kubernetes"}},
               "endpoints": [{"addresses": ["127.0.0.1"]}],
               "ports": [{"name": "https", "protocol": "TCP", "port": 6443}]}""");
      network.apply(
          ServiceTable.compute(
              List.of(service), List.of(slice), List.of(), _ -> Optional.of(relay.target())),
          Set.of(relay.target().port()));
    }

    private void reached(PodNetwork network, Sandbox pod) throws Exception {
      told("loopback", ask(pod, "hello"));
      told("by name", resolve(network, pod));
      Sandbox model = network.attach("model-1");
      network.guard(model.address());
      told("a model", ask(model, "hello"));
      told("a megabyte", megabyte(pod));
      try (Socket s = connect(pod, VIP, 443)) {
        s.getOutputStream().write("last".getBytes(StandardCharsets.UTF_8));
        s.shutdownOutput();
        told("half closed", text(s.getInputStream().readAllBytes()));
      }
      try (ServerSocket open = new ServerSocket(0)) {
        told("another port of the host", tryPort(pod, network, open.getLocalPort()));
      }
    }

    private String tryPort(Sandbox pod, PodNetwork network, int port) throws Exception {
      try (Socket _ = connect(pod, network.bridge().address(), port)) {
        return "open";
      } catch (java.net.ConnectException e) {
        return "refused";
      }
    }

    private void bounded(PodNetwork network, Sandbox pod) throws Exception {
      List<Socket> held = new ArrayList<>();
      for (int i = 0; i < Admission.MOST_OF_ONE; i++) {
        Socket s = connect(pod, VIP, 443);
        held.add(s);
        say(s, "mine");
      }
      told(held.size() + " held", ask(pod, "hello"));
      told("a neighbour", ask(network.attach("pod-2"), "hello"));
      for (Socket s : held) {
        s.close();
      }
      String answer = ask(pod, "hello");
      while (answer.equals("ended")) { // the other end hears of it a little later
        answer = ask(pod, "hello");
      }
      told("after they left", answer);
    }

    private Socket connect(Sandbox pod, String address, int port) throws Exception {
      return InNamespace.run(
          sys,
          pod.dir(),
          List.of("net"),
          () -> {
            Socket s = new Socket();
            s.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
            s.setSoTimeout(PATIENCE_MILLIS);
            return s;
          });
    }

    private String ask(Sandbox pod, String word) throws Exception {
      try (Socket s = connect(pod, VIP, 443)) {
        return say(s, word);
      }
    }

    /// One word, and what the server has said so far.
    private static String say(Socket s, String word) throws IOException {
      try {
        s.getOutputStream().write(word.getBytes(StandardCharsets.UTF_8));
        byte[] answer = s.getInputStream().readNBytes("here says ".length() + word.length());
        return answer.length == 0 ? "ended" : text(answer).replace("far  ", "far ");
      } catch (SocketException e) {
        return "ended";
      }
    }

    private static String text(byte[] bytes) {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    private String megabyte(Sandbox pod) throws Exception {
      byte[] sent = new byte[MEGABYTE];
      new Random(7).nextBytes(sent);
      try (Socket s = connect(pod, VIP, 443)) {
        Thread writer =
            Thread.ofVirtual()
                .start(
                    () -> {
                      try {
                        s.getOutputStream().write(sent);
                        s.shutdownOutput();
                      } catch (IOException e) {
                        told("a megabyte", e.toString());
                      }
                    });
        byte[] all = s.getInputStream().readAllBytes();
        writer.join();
        byte[] back = Arrays.copyOfRange(all, "here says ".length(), all.length);
        return Arrays.equals(sent, back) ? "the same" : back.length + " bytes";
      }
    }

    private String resolve(PodNetwork network, Sandbox pod) throws Exception {
      byte[] query = NetworkTest.question("kubernetes.default.svc.cluster.local", 1);
      DatagramSocket asking =
          InNamespace.run(sys, pod.dir(), List.of("net"), () -> new DatagramSocket());
      try (asking) {
        asking.setSoTimeout(PATIENCE_MILLIS);
        asking.connect(new InetSocketAddress(network.bridge().address(), 53));
        asking.send(new DatagramPacket(query, query.length));
        DatagramPacket answer = new DatagramPacket(new byte[512], 512);
        asking.receive(answer);
        byte[] bytes = Arrays.copyOf(answer.getData(), answer.getLength());
        return InetAddress.getByAddress(Arrays.copyOfRange(bytes, bytes.length - 4, bytes.length))
            .getHostAddress();
      }
    }

    /// Says its name, then whatever it hears, to the end.
    private static URI standIn(String name, ServerSocket socket) {
      Thread.ofVirtual()
          .start(
              () -> {
                while (!socket.isClosed()) {
                  try {
                    Socket one = socket.accept();
                    Thread.ofVirtual().start(() -> echo(name, one));
                  } catch (IOException e) {
                    return;
                  }
                }
              });
      return URI.create(
          "https://" + socket.getInetAddress().getHostAddress() + ":" + socket.getLocalPort());
    }

    private static void echo(String name, Socket one) {
      try (one) {
        one.getOutputStream().write("%-4s says ".formatted(name).getBytes(StandardCharsets.UTF_8));
        InputStream in = one.getInputStream();
        in.transferTo(one.getOutputStream());
      } catch (IOException e) {
        // the client is gone
      }
    }

    /// A second machine at the end of a cable.
    private final class Machine implements AutoCloseable {
      private static final String NEAR = "192.0.2.1/24";
      private static final String FAR = "192.0.2.2/24";
      private final Process holder;

      Machine() throws Exception {
        holder = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo up; read _").start();
        if (holder.getInputStream().read() < 0) {
          throw new IOException("no second machine");
        }
        String pid = Long.toString(holder.pid());
        sh("ip link add up0 type veth peer name far0 netns " + pid);
        sh("ip address add " + NEAR + " dev up0 && ip link set up0 up");
        sh(
            "nsenter --net=/proc/%s/ns/net sh -c 'ip address add %s dev far0; ip link set far0 up'"
                .formatted(pid, FAR));
      }

      private void sh(String command) throws IOException, InterruptedException {
        int code = new ProcessBuilder("sh", "-c", command).inheritIO().start().waitFor();
        assertEquals(0, code, command);
      }

      URI standIn() throws Exception {
        ServerSocket socket =
            InNamespace.run(
                sys,
                Path.of("/proc", Long.toString(holder.pid()), "ns"),
                List.of("net"),
                () -> new ServerSocket(0, 64, InetAddress.ofLiteral("192.0.2.2")));
        return Cases.standIn("far", socket);
      }

      @Override
      public void close() {
        holder.destroyForcibly();
      }
    }
  }
}
