package dev.berth.agent.network;

import dev.berth.api.Cidr;
import java.util.BitSet;
import java.util.Optional;

/// The addresses of this host's pods: the /24 without network, bridge and broadcast. The next free
/// one after the last given, so that an address rests before it is used again.
final class Addresses {
  private static final int FIRST = 2;
  private final Cidr subnet;
  private final BitSet used = new BitSet();
  private int last = FIRST - 1;

  Addresses(Cidr subnet) {
    this.subnet = subnet;
  }

  synchronized Optional<String> take() {
    int limit = (int) subnet.size() - 1;
    for (int tried = FIRST; tried < limit; tried++) {
      last = last + 1 >= limit ? FIRST : last + 1;
      if (!used.get(last)) {
        used.set(last);
        return Optional.of(subnet.nth(last));
      }
    }
    return Optional.empty();
  }

  synchronized void claim(String address) {
    used.set(index(address));
  }

  synchronized void release(String address) {
    used.clear(index(address));
  }

  private int index(String address) {
    return (int) (Cidr.address(address).orElseThrow() - Cidr.address(subnet.nth(0)).orElseThrow());
  }
}
