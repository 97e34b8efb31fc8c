package dev.berth.agent.network;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/// The zone `cluster.local`: questions as bytes to answers as bytes. A name below the zone that
/// does not exist is refused at once (NXDOMAIN), so that a search list goes on to the next domain;
/// while no name is known at all, as just after a start, who asks is to ask again (SERVFAIL).
/// Questions for other zones are not ours.
public final class DnsZone {
  public static final String DOMAIN = "cluster.local";
  private static final int HEADER = 12;
  private static final int TYPE_A = 1;
  private static final int TTL_SECONDS = 5;
  private static final int NXDOMAIN = 3;
  private static final int SERVFAIL = 2;

  private final Supplier<ServiceTable> table;

  public DnsZone(Supplier<ServiceTable> table) {
    this.table = table;
  }

  private record Question(String name, int type, int end) {}

  /// Empty when the question is for somebody else, or is not one.
  public Optional<byte[]> answer(byte[] query) {
    Optional<Question> question = parse(query);
    if (question.isEmpty() || !inside(question.get().name())) {
      return Optional.empty();
    }
    Question q = question.get();
    Optional<List<String>> addresses = lookup(q.name());
    List<String> records = q.type() == TYPE_A ? addresses.orElse(List.of()) : List.of();
    int without = table.get().names().isEmpty() ? SERVFAIL : NXDOMAIN;
    return Optional.of(reply(query, q.end(), addresses.isPresent() ? 0 : without, records));
  }

  private static boolean inside(String name) {
    return name.equals(DOMAIN) || name.endsWith("." + DOMAIN);
  }

  private Optional<List<String>> lookup(String name) {
    String suffix = ".svc." + DOMAIN;
    return name.endsWith(suffix)
        ? Optional.ofNullable(
            table.get().names().get(name.substring(0, name.length() - suffix.length())))
        : Optional.empty();
  }

  private static Optional<Question> parse(byte[] query) {
    if (query.length < HEADER + 5 || (query[2] & 0x80) != 0 || query[4] != 0 || query[5] != 1) {
      return Optional.empty();
    }
    StringBuilder name = new StringBuilder();
    int at = HEADER;
    while (at < query.length && query[at] != 0) {
      int length = query[at];
      if (length < 0 || length > 63 || at + length + 1 >= query.length) {
        return Optional.empty(); // a pointer has no place in a question
      }
      name.append(name.isEmpty() ? "" : ".")
          .append(new String(query, at + 1, length, StandardCharsets.ISO_8859_1));
      at += length + 1;
    }
    if (at + 5 > query.length) {
      return Optional.empty();
    }
    int type = ((query[at + 1] & 0xff) << 8) | (query[at + 2] & 0xff);
    return Optional.of(new Question(name.toString().toLowerCase(Locale.ROOT), type, at + 5));
  }

  static byte[] failure(byte[] query) {
    int end = parse(query).map(Question::end).orElse(Math.min(query.length, HEADER));
    return reply(query, end, SERVFAIL, List.of());
  }

  private static byte[] reply(byte[] query, int end, int code, List<String> addresses) {
    ByteBuffer head = ByteBuffer.allocate(end).put(query, 0, end);
    head.put(
        2, (byte) (0x84 | (query[2] & 0x01))); // answer, authoritative, recursion desired as asked
    head.put(3, (byte) (0x80 | code));
    head.putShort(6, (short) addresses.size()).putShort(8, (short) 0).putShort(10, (short) 0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(head.array());
    for (String address : addresses) {
      ByteBuffer record = ByteBuffer.allocate(16);
      record
          .putShort((short) (0xc000 | HEADER))
          .putShort((short) TYPE_A)
          .putShort((short) 1)
          .putInt(TTL_SECONDS);
      out.writeBytes(record.putShort((short) 4).put(Ipv4.bytes(address)).array());
    }
    return out.toByteArray();
  }
}
