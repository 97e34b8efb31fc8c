package dev.berth.agent.network;

import dev.berth.api.Cidr;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Our rules as nft's text. Pure, so that tests compare strings.
///
/// A service address that no target is behind is refused, not left to time out.
final class Ruleset {
  private static final Pattern ADDRESS = Pattern.compile("[0-9]+([.][0-9]+){3}");

  private Ruleset() {}

  static String base(Bridge bridge, Cidr pods, Cidr services) {
    return """
    add table inet berth
    delete table inet berth
    table inet berth {
      map services { type ipv4_addr . inet_proto . inet_service : verdict; }
      set model_pods { type ipv4_addr; }
      set gateways { type ipv4_addr; elements = { %1$s } }
      set gateway_ports { type inet_service; }
      chain prerouting {
        type nat hook prerouting priority dstnat; policy accept;
        ip daddr . meta l4proto . th dport vmap @services
      }
      chain output {
        type nat hook output priority -100; policy accept;
        ip daddr . meta l4proto . th dport vmap @services
      }
      chain postrouting {
        type nat hook postrouting priority srcnat; policy accept;
        ip saddr %2$s ip daddr != %2$s oifname != "bv*" masquerade
      }
      chain input {
        type filter hook input priority filter; policy accept;
        iifname != "bv*" accept
        ct state established,related accept
        ip daddr %1$s meta l4proto { tcp, udp } th dport 53 accept
        ip daddr %1$s tcp dport @gateway_ports accept
        meta l4proto { icmp } accept
        meta l4proto tcp reject with tcp reset
        reject
      }
      chain forward {
        type filter hook forward priority filter; policy accept;
        ct state established,related accept
        ip daddr %3$s meta l4proto tcp reject with tcp reset
        ip daddr %3$s reject
        ip daddr @model_pods ip saddr != @gateways meta l4proto tcp reject with tcp reset
        ip daddr @model_pods ip saddr != @gateways reject
        iifname "bv*" ip daddr 169.254.0.0/16 reject
      }
      chain refuse {
        type filter hook output priority filter; policy accept;
        ip daddr %3$s meta l4proto tcp reject with tcp reset
      }
    }
    """
        .formatted(bridge.address(), pods, services);
  }

  static String removal() {
    return "add table inet berth\ndelete table inet berth\n";
  }

  /// Only what differs between two states, in one transaction: chains before the map entries that
  /// lead to them.
  static String difference(Map<Vip, List<Target>> from, Map<Vip, List<Target>> to) {
    StringBuilder out = new StringBuilder();
    Map<Vip, List<Target>> old = live(from);
    Map<Vip, List<Target>> now = live(to);
    for (Vip vip : new TreeSet<>(old.keySet())) {
      if (!now.containsKey(vip)) {
        out.append("delete element inet berth services { ").append(vip).append(" }\n");
        out.append("delete chain inet berth ").append(vip.chain()).append('\n');
      }
    }
    now.forEach(
        (vip, targets) -> {
          if (!targets.equals(old.get(vip))) {
            out.append("add chain inet berth ").append(vip.chain()).append('\n');
            out.append("flush chain inet berth ").append(vip.chain()).append('\n');
            out.append("add rule inet berth ")
                .append(vip.chain())
                .append(' ')
                .append(choose(vip, targets))
                .append('\n');
          }
          if (!old.containsKey(vip)) {
            out.append("add element inet berth services { ")
                .append(vip)
                .append(" : goto ")
                .append(vip.chain())
                .append(" }\n");
          }
        });
    return out.toString();
  }

  private static Map<Vip, List<Target>> live(Map<Vip, List<Target>> all) {
    Map<Vip, List<Target>> live = new TreeMap<>(all);
    live.values().removeIf(List::isEmpty);
    return live;
  }

  private static String choose(Vip vip, List<Target> targets) {
    if (targets.size() == 1) {
      return "meta l4proto "
          + vip.protocol()
          + " dnat ip to "
          + targets.getFirst().address()
          + ":"
          + targets.getFirst().port();
    }
    StringBuilder map = new StringBuilder();
    for (int i = 0; i < targets.size(); i++) {
      map.append(i == 0 ? "" : ", ").append(i).append(" : ").append(targets.get(i));
    }
    return "meta l4proto "
        + vip.protocol()
        + " dnat ip to numgen random mod "
        + targets.size()
        + " map { "
        + map
        + " }";
  }

  static String members(String set, Collection<String> from, Collection<String> to) {
    Set<String> gone = new HashSet<>(from);
    gone.removeAll(to);
    Set<String> fresh = new HashSet<>(to);
    fresh.removeAll(from);
    return elements("delete", set, gone) + elements("add", set, fresh);
  }

  /// The addresses in a set as nft lists it.
  static Set<String> elements(String listing) {
    int from = listing.indexOf("elements = {");
    return from < 0
        ? Set.of()
        : ADDRESS
            .matcher(listing.substring(from))
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toSet());
  }

  private static String elements(String verb, String set, Set<String> elements) {
    return elements.isEmpty()
        ? ""
        : verb + " element inet berth " + set + " { " + String.join(", ", elements) + " }\n";
  }
}
