package dev.berth.agent.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A route netlink socket of the namespace in which the creating thread stood. Messages are
/// collected and sent as one batch by [#flush], which waits for every acknowledgement. Not
/// thread-safe: one user at a time.
public final class Netlink implements AutoCloseable {
  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int NLM_F_REQUEST_ACK = 1 | 4;
  private static final int NLM_F_CREATE_EXCL = 0x600;
  private static final int NLM_F_CREATE_REPLACE = 0x500;
  private static final int NLMSG_ERROR = 2;
  private static final int RTM_NEWLINK = 16;
  private static final int RTM_DELLINK = 17;
  private static final int RTM_NEWADDR = 20;
  private static final int RTM_NEWROUTE = 24;
  private static final int RTA_DST = 1;
  private static final int RTA_OIF = 4;
  private static final int RTA_GATEWAY = 5;
  private static final int UNIVERSE = 0;
  private static final int LINK = 253;
  private static final int IFF_UP = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_NET_NS_FD = 28;

  private final Syscalls sys;
  private final int fd;
  private final ByteBuffer out = ByteBuffer.allocate(8192).order(ByteOrder.LITTLE_ENDIAN);
  private int sequence = 1;
  private int pending;

  public Netlink(Syscalls sys) {
    this.sys = sys;
    this.fd = sys.socket(AF_NETLINK, SOCK_RAW | Linux.O_CLOEXEC, 0);
  }

  public Netlink bridge(String name, int mtu) {
    int message = begin(RTM_NEWLINK, NLM_F_CREATE_EXCL);
    link(0, IFF_UP, IFF_UP);
    attribute(IFLA_IFNAME, name);
    attribute(IFLA_MTU, mtu);
    int info = nest(IFLA_LINKINFO);
    attribute(1, "bridge");
    unnest(info);
    return end(message);
  }

  /// A pair whose far end is born in another namespace as interface `peerIndex`. The far end cannot
  /// be up at creation.
  public Netlink veth(String name, int mtu, String peer, int peerNamespace, int peerIndex) {
    int message = begin(RTM_NEWLINK, NLM_F_CREATE_EXCL);
    link(0, IFF_UP, IFF_UP);
    attribute(IFLA_IFNAME, name);
    attribute(IFLA_MTU, mtu);
    int info = nest(IFLA_LINKINFO);
    attribute(1, "veth");
    int data = nest(2);
    int far = nest(1);
    link(peerIndex, 0, 0);
    attribute(IFLA_IFNAME, peer);
    attribute(IFLA_MTU, mtu);
    attribute(IFLA_NET_NS_FD, peerNamespace);
    unnest(far);
    unnest(data);
    unnest(info);
    return end(message);
  }

  public Netlink up(int index) {
    int message = begin(RTM_NEWLINK, 0);
    link(index, IFF_UP, IFF_UP);
    return end(message);
  }

  public Netlink address(int index, byte[] ip, int prefix) {
    int message = begin(RTM_NEWADDR, NLM_F_CREATE_REPLACE);
    out.put((byte) 2).put((byte) prefix).put((byte) 0).put((byte) 0).putInt(index);
    attribute(2, ip);
    attribute(1, ip);
    return end(message);
  }

  public Netlink defaultRoute(byte[] gateway) {
    int message = begin(RTM_NEWROUTE, NLM_F_CREATE_EXCL);
    route(0, UNIVERSE);
    attribute(RTA_GATEWAY, gateway);
    return end(message);
  }

  /// One address behind a link.
  public Netlink hostRoute(byte[] address, int index) {
    int message = begin(RTM_NEWROUTE, NLM_F_CREATE_REPLACE);
    route(32, LINK);
    attribute(RTA_DST, address);
    attribute(RTA_OIF, index);
    return end(message);
  }

  public Netlink delete(String name) {
    int message = begin(RTM_DELLINK, 0);
    link(0, 0, 0);
    attribute(IFLA_IFNAME, name);
    return end(message);
  }

  private void route(int prefix, int scope) {
    out.put((byte) 2).put((byte) prefix).put((byte) 0).put((byte) 0);
    out.put((byte) 254).put((byte) 4).put((byte) scope).put((byte) 1).putInt(0);
  }

  /// Sends the batch; the first refusal is thrown with the number of its message.
  public void flush(String what) {
    int messages = pending;
    sys.send(fd, out.array(), out.position());
    out.clear();
    pending = 0;
    int failed = 0;
    int errno = 0;
    byte[] buffer = new byte[16384];
    for (int answered = 0; answered < messages; ) {
      ByteBuffer in =
          ByteBuffer.wrap(buffer, 0, sys.recv(fd, buffer)).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < in.limit(); at += align(in.getInt(at))) {
        if (in.getShort(at + 4) == NLMSG_ERROR) {
          answered++;
          if (in.getInt(at + 16) != 0 && failed == 0) {
            failed = answered;
            errno = -in.getInt(at + 16);
          }
        }
      }
    }
    if (failed != 0) {
      throw new ErrnoException(
          "netlink", what + " (message " + failed + " of " + messages + ")", errno);
    }
  }

  private int begin(int type, int flags) {
    out.position(align(out.position()));
    int start = out.position();
    out.putInt(0)
        .putShort((short) type)
        .putShort((short) (flags | NLM_F_REQUEST_ACK))
        .putInt(sequence++)
        .putInt(0);
    pending++;
    return start;
  }

  private Netlink end(int start) {
    out.putInt(start, out.position() - start);
    out.position(align(out.position()));
    return this;
  }

  private void link(int index, int flags, int change) {
    out.put((byte) 0).put((byte) 0).putShort((short) 0).putInt(index).putInt(flags).putInt(change);
  }

  private int nest(int type) {
    int start = out.position();
    out.putShort((short) 0).putShort((short) type);
    return start;
  }

  private void unnest(int start) {
    out.putShort(start, (short) (out.position() - start));
    out.position(align(out.position()));
  }

  private void attribute(int type, byte[] value) {
    int start = nest(type);
    out.put(value);
    unnest(start);
  }

  private void attribute(int type, int value) {
    int start = nest(type);
    out.putInt(value);
    unnest(start);
  }

  private void attribute(int type, String value) {
    attribute(type, (value + "\0").getBytes(StandardCharsets.UTF_8));
  }

  private static int align(int n) {
    return n + 3 & ~3;
  }

  @Override
  public void close() {
    sys.close(fd);
  }
}
