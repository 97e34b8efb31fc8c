package dev.berth.agent.network;

import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Netlink;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Namespaces made ahead of time, with link, address and route: taking one costs a rename, making
/// one some milliseconds.
///
/// Each is made by a throw-away platform thread, the only kind of JVM thread that ever changes
/// namespaces: it unshares, mounts the three files, sets up the far end and ends. A used sandbox is
/// never given out again.
final class SandboxPool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SandboxPool.class);
  private static final int ADDRESS_WAIT_SECONDS = 30;
  private static final int ETH0 = 2;
  static final List<String> KINDS = List.of("net", "ipc", "uts");

  private final Syscalls sys;
  private final Bridge bridge;
  private final Path dir;
  private final Addresses addresses;
  private final BlockingQueue<Sandbox> ready;
  private final AtomicInteger names = new AtomicInteger();
  private final Thread filler;
  private volatile boolean closed;

  SandboxPool(Syscalls sys, Bridge bridge, Path dir, Addresses addresses, int size) {
    this.sys = sys;
    this.bridge = bridge;
    this.dir = dir;
    this.addresses = addresses;
    this.ready = new ArrayBlockingQueue<>(size);
    this.filler = Thread.ofPlatform().name("sandbox-filler").daemon().start(this::fill);
  }

  Sandbox take() {
    try {
      Sandbox sandbox = ready.poll(ADDRESS_WAIT_SECONDS, TimeUnit.SECONDS);
      if (sandbox == null) {
        throw new IllegalStateException(
            "no address is free in " + bridge.subnet() + ": too many pods on this host");
      }
      return sandbox;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void fill() {
    while (!closed) {
      String address = addresses.take().orElse("");
      try {
        if (address.isEmpty()) {
          TimeUnit.SECONDS.sleep(1);
          continue;
        }
        ready.put(make(address));
      } catch (InterruptedException e) {
        if (!address.isEmpty()) {
          addresses.release(address);
        }
        return;
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("cannot make a pod's namespaces");
        addresses.release(address);
        pause();
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A pod of an agent before this one may have the name: pids come again.
  private String freeName() {
    String prefix = "bv" + Long.toString(ProcessHandle.current().pid(), 36) + "x";
    String link;
    do {
      link = prefix + Integer.toString(names.incrementAndGet(), 36);
    } while (sys.linkIndex(link).isPresent());
    return link;
  }

  private Sandbox make(String address) throws InterruptedException {
    String link = freeName();
    Sandbox sandbox = new Sandbox(dir.resolve(link), address, link);
    Throwable[] failure = {null};
    Thread maker =
        Thread.ofPlatform()
            .name("sandbox-maker")
            .start(
                () -> {
                  try {
                    build(sandbox);
                  } catch (RuntimeException | IOException e) {
                    failure[0] = e;
                  }
                });
    maker.join();
    if (failure[0] != null) {
      destroy(sys, sandbox);
      throw new IllegalStateException("sandbox " + link, failure[0]);
    }
    connect(sandbox);
    return sandbox;
  }

  /// The host's end: it answers ARP for whatever lies beyond it, drops what comes under another
  /// address than the pod's, and the pod's address leads there.
  private void connect(Sandbox sandbox) {
    Bridge.sysctl("net/ipv4/conf/" + sandbox.link() + "/proxy_arp", "1");
    Bridge.sysctl("net/ipv4/neigh/" + sandbox.link() + "/proxy_delay", "0");
    Bridge.sysctl("net/ipv4/conf/" + sandbox.link() + "/rp_filter", "1");
    Bridge.sysctl("net/ipv4/conf/" + sandbox.link() + "/send_redirects", "0");
    try (Netlink host = new Netlink(sys)) {
      host.hostRoute(Ipv4.bytes(sandbox.address()), Bridge.index(sys, sandbox.link()))
          .flush("route to " + sandbox.address());
    }
  }

  private void build(Sandbox sandbox) throws IOException {
    Files.createDirectories(sandbox.dir());
    SandboxFiles.write(sandbox);
    for (String kind : KINDS) {
      Files.createFile(sandbox.dir().resolve(kind));
    }
    try (Netlink host = new Netlink(sys)) { // a socket stays in the namespace it was made in
      sys.unshare(Linux.CLONE_NEWNET | Linux.CLONE_NEWIPC | Linux.CLONE_NEWUTS);
      for (String kind : KINDS) {
        sys.mount(
            "/proc/thread-self/ns/" + kind,
            sandbox.dir().resolve(kind).toString(),
            "",
            Linux.MS_BIND,
            "");
      }
      int namespace =
          sys.openat(
              Linux.AT_FDCWD, "/proc/thread-self/ns/net", Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
      try (Netlink inside = new Netlink(sys)) {
        host.veth(sandbox.link(), bridge.mtu(), "eth0", namespace, ETH0)
            .flush("link " + sandbox.link());
        inside
            .up(1)
            .address(ETH0, Ipv4.bytes(sandbox.address()), bridge.subnet().prefix())
            .up(ETH0)
            .defaultRoute(Ipv4.bytes(bridge.address()))
            .flush("address " + sandbox.address());
      } finally {
        sys.close(namespace);
      }
      write("/proc/sys/net/ipv4/ping_group_range", "0 2147483647"); // ping without raw sockets
      write("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
    }
  }

  private void write(String file, String value) {
    int fd = sys.openat(Linux.AT_FDCWD, file, Linux.O_WRONLY | Linux.O_CLOEXEC, 0);
    byte[] bytes = value.getBytes(StandardCharsets.US_ASCII);
    sys.write(fd, bytes, 0, bytes.length);
    sys.close(fd);
  }

  static void destroy(Syscalls sys, Sandbox sandbox) {
    try (Netlink host = new Netlink(sys)) {
      host.delete(sandbox.link()).flush("delete " + sandbox.link());
    } catch (RuntimeException e) {
      log.atDebug().addKeyValue("link", sandbox.link()).log("link was gone");
    }
    for (String kind : KINDS) {
      try {
        sys.unmount(sandbox.dir().resolve(kind).toString(), Linux.MNT_DETACH);
      } catch (RuntimeException e) {
        log.atDebug().addKeyValue("dir", sandbox.dir()).log("namespace was not mounted");
      }
    }
    try {
      for (String file :
          List.of("net", "ipc", "uts", "address", "link", "hosts", "resolv.conf", "hostname")) {
        Files.deleteIfExists(sandbox.dir().resolve(file));
      }
      Files.deleteIfExists(sandbox.dir());
    } catch (IOException e) {
      log.atWarn().addKeyValue("dir", sandbox.dir()).setCause(e).log("cannot remove a sandbox");
    }
  }

  @Override
  public void close() {
    closed = true;
    filler.interrupt();
    try {
      filler.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ready.forEach(s -> destroy(sys, s));
  }
}
