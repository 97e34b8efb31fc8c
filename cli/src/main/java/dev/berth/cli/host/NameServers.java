package dev.berth.cli.host;

import dev.berth.agent.Preflight.Finding;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Whether the host's name servers answer: pods ask them, through Berth, for all that is not
/// Berth's own.
final class NameServers {
  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int DNS = 53;
  private static final int ANSWER = 512;

  /// Who are the servers of the root? Every resolver has an answer, if only a refusal (RFC 1035,
  /// 4.1): id, recursion wanted, one question; the empty name, NS, IN.
  private static final byte[] QUESTION = {'B', 'D', 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};

  private NameServers() {}

  static List<Finding> check() {
    List<String> servers = servers(resolvConf());
    if (servers.isEmpty()) {
      return List.of(
          HostChecks.warns(
              "name servers",
              RESOLV_CONF + " names none with an IPv4 address",
              "add one: nameserver A.B.C.D; pods find only each other until then"));
    }
    List<Finding> findings = new ArrayList<>();
    for (String server : servers) {
      findings.add(
          answers(new InetSocketAddress(InetAddress.ofLiteral(server), DNS), PATIENCE)
              ? HostChecks.well("name server", server + " answers")
              : HostChecks.warns(
                  "name server",
                  server + " does not answer within " + PATIENCE.toSeconds() + " s",
                  "correct " + RESOLV_CONF + "; pods ask it for names outside"));
    }
    return findings;
  }

  private static List<String> resolvConf() {
    try {
      return Files.readAllLines(RESOLV_CONF);
    } catch (IOException e) {
      return List.of();
    }
  }

  static List<String> servers(List<String> resolvConf) {
    return resolvConf.stream()
        .map(line -> line.strip().split("\\s+", -1))
        .filter(words -> words.length > 1 && words[0].equals("nameserver"))
        .map(words -> words[1])
        .filter(address -> address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}"))
        .distinct()
        .toList();
  }

  static boolean answers(InetSocketAddress server, Duration patience) {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout((int) patience.toMillis());
      socket.connect(server);
      socket.send(new DatagramPacket(QUESTION, QUESTION.length));
      DatagramPacket answer = new DatagramPacket(new byte[ANSWER], ANSWER);
      socket.receive(answer);
      return answer.getLength() > 2
          && answer.getData()[0] == QUESTION[0]
          && answer.getData()[1] == QUESTION[1];
    } catch (IOException e) {
      return false;
    }
  }
}
