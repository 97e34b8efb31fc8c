package dev.berth.agent.network;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The pods' name server on the bridge's address, UDP and TCP: answers for the cluster's names from
/// memory, passes all else on to the host's name servers unread. One virtual thread for each
/// question.
public final class Dns implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Dns.class);
  private static final int PORT = 53;
  private static final int MAX_UDP = 4096;
  private static final int PATIENCE_MILLIS = 2500;

  private final DnsZone zone;
  private final List<String> upstream;
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final Semaphore open = new Semaphore(512);

  public Dns(String address, DnsZone zone, List<String> upstream) {
    this.zone = zone;
    this.upstream = List.copyOf(upstream);
    try {
      InetAddress local = InetAddress.getByName(address);
      this.udp = new DatagramSocket(PORT, local);
      this.tcp = new ServerSocket(PORT, 64, local);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot serve DNS on " + address, e);
    }
    Thread.ofVirtual().name("dns-udp").start(this::udpLoop);
    Thread.ofVirtual().name("dns-tcp").start(this::tcpLoop);
  }

  private void udpLoop() {
    byte[] buffer = new byte[MAX_UDP];
    while (!udp.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        udp.receive(packet);
      } catch (IOException e) {
        continue; // closed: the loop ends; else a stray ICMP error of an earlier answer
      }
      byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
      if (open.tryAcquire()) {
        Thread.ofVirtual()
            .name("dns-query")
            .start(() -> answerUdp(query, (InetSocketAddress) packet.getSocketAddress()));
      }
    }
  }

  private void answerUdp(byte[] query, InetSocketAddress from) {
    try {
      byte[] answer =
          zone.answer(query).or(() -> forwardUdp(query)).orElseGet(() -> DnsZone.failure(query));
      udp.send(new DatagramPacket(answer, answer.length, from));
    } catch (IOException | RuntimeException e) {
      log.atDebug().setCause(e).log("a DNS question went unanswered");
    } finally {
      open.release();
    }
  }

  private Optional<byte[]> forwardUdp(byte[] query) {
    for (String server : upstream) {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(server, PORT));
        socket.send(new DatagramPacket(query, query.length));
        DatagramPacket reply = new DatagramPacket(new byte[MAX_UDP], MAX_UDP);
        do {
          socket.receive(reply);
        } while (reply.getLength() < 2
            || reply.getData()[0] != query[0]
            || reply.getData()[1] != query[1]);
        return Optional.of(Arrays.copyOf(reply.getData(), reply.getLength()));
      } catch (IOException e) {
        log.atDebug().addKeyValue("server", server).log("name server did not answer");
      }
    }
    return Optional.empty();
  }

  private void tcpLoop() {
    while (!tcp.isClosed()) {
      try {
        Socket socket = tcp.accept();
        Thread.ofVirtual().name("dns-connection").start(() -> serveTcp(socket));
      } catch (IOException e) {
        if (!tcp.isClosed()) {
          log.atDebug().setCause(e).log("DNS accept failed");
        }
      }
    }
  }

  private void serveTcp(Socket socket) {
    try (socket) {
      socket.setSoTimeout(2 * PATIENCE_MILLIS);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      while (true) {
        byte[] query = in.readNBytes(in.readUnsignedShort());
        byte[] answer =
            zone.answer(query).or(() -> forwardTcp(query)).orElseGet(() -> DnsZone.failure(query));
        out.writeShort(answer.length);
        out.write(answer);
        out.flush();
      }
    } catch (IOException | RuntimeException e) {
      log.atTrace().setCause(e).log("DNS connection ended");
    }
  }

  private Optional<byte[]> forwardTcp(byte[] query) {
    for (String server : upstream) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(server, PORT), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeShort(query.length);
        out.write(query);
        out.flush();
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return Optional.of(in.readNBytes(in.readUnsignedShort()));
      } catch (IOException e) {
        log.atDebug().addKeyValue("server", server).log("name server did not answer");
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    udp.close();
    try {
      tcp.close();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("DNS close");
    }
  }
}
