package dev.berth.agent.network;

/// An address and port behind a service.
public record Target(String address, int port) implements Comparable<Target> {
  @Override
  public int compareTo(Target o) {
    int byAddress = address.compareTo(o.address);
    return byAddress != 0 ? byAddress : Integer.compare(port, o.port);
  }

  @Override
  public String toString() {
    return address + " . " + port;
  }
}
