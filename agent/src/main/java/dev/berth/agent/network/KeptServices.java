package dev.berth.agent.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The services that an earlier agent left in the kernel, read back from nft's listing of our
/// table. Pure.
///
/// They answer on while a new agent learns what is wanted now: an upgrade cuts nobody off.
final class KeptServices {
  /// A chain's name tells its service; a host without /etc/protocols lists protocols as numbers.
  private static final Pattern ENTRY = Pattern.compile(" : goto (vip_([0-9_]+)_([a-z]+)_([0-9]+))");

  private static final Pattern TARGET =
      Pattern.compile("([0-9]+(?:\\.[0-9]+){3})(?: \\. |:)([0-9]+)");

  private KeptServices() {}

  /// @param own this host's address on the bridge: what led there was answered by a process that
  ///   has ended, and its ports may mean something else by now
  static Map<Vip, List<Target>> read(String listing, String own) {
    Map<Vip, List<Target>> kept = new TreeMap<>();
    Matcher entries = ENTRY.matcher(listing);
    while (entries.find()) {
      String address = entries.group(2).replace('_', '.');
      Vip vip = new Vip(address, entries.group(3), Integer.parseInt(entries.group(4)));
      List<Target> targets = targets(listing, entries.group(1));
      if (!targets.isEmpty() && targets.stream().noneMatch(t -> t.address().equals(own))) {
        kept.put(vip, targets);
      }
    }
    return kept;
  }

  private static List<Target> targets(String listing, String chain) {
    int from = listing.indexOf("chain " + chain + " {");
    int to = from < 0 ? -1 : listing.indexOf("\n\t}", from);
    List<Target> targets = new ArrayList<>();
    if (to > 0) {
      Matcher found = TARGET.matcher(listing.substring(from, to));
      while (found.find()) {
        targets.add(new Target(found.group(1), Integer.parseInt(found.group(2))));
      }
    }
    return targets;
  }
}
