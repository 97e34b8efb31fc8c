package dev.berth.controller.resource;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.schema.FieldError;
import dev.berth.controller.admission.Admission;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// Gives out cluster addresses. The Services themselves are the record of what is taken; only the
/// addresses of Services that are just being stored are remembered here.
final class ServiceAddresses {
  /// The first addresses are left to the API server's own service and to DNS, by custom .1 and .10.
  private static final int FIRST = 11;

  /// The one Service that may have the first address: pods call the API there, with their tokens.
  private static final ObjectKey API = new ObjectKey("default", "kubernetes");

  private final Cidr cidr;
  private final Supplier<Stream<ObjectNode>> services;
  private final Set<String> beingStored = new HashSet<>();

  ServiceAddresses(Cidr cidr, Supplier<Stream<ObjectNode>> services) {
    this.cidr = cidr;
    this.services = services;
  }

  /// Fills in `clusterIP` where the Service wants one; call [#settled] when it was stored or
  /// refused.
  synchronized void assign(ObjectNode service) {
    ObjectNode spec = Json.ensure(service, "spec");
    String wanted = Json.text(spec, "clusterIP");
    if (Json.text(spec, "type").equals("ExternalName") || wanted.equals("None")) {
      if (wanted.equals("None")) {
        spec.putArray("clusterIPs").add("None");
      }
      return;
    }
    String address = wanted.isEmpty() ? free() : requireFree(service, wanted);
    beingStored.add(address);
    spec.put("clusterIP", address);
    spec.putArray("clusterIPs").add(address);
    spec.putArray("ipFamilies").add("IPv4");
    spec.put("ipFamilyPolicy", "SingleStack");
  }

  synchronized void settled(ObjectNode service) {
    beingStored.remove(Json.text(service, "spec", "clusterIP"));
  }

  private String free() {
    Set<String> taken = taken();
    for (long i = FIRST; i < cidr.size() - 1; i++) {
      String address = cidr.nth(i);
      if (!taken.contains(address)) {
        return address;
      }
    }
    throw new ApiException(
        new ApiError.InternalError(
            "no free address for a Service in "
                + cidr
                + "; delete Services or start with a larger --service-cidr"));
  }

  private String requireFree(ObjectNode service, String wanted) {
    if (!cidr.contains(wanted)) {
      throw refused(service, wanted, "the provided IP is not in the range " + cidr);
    }
    boolean kept = wanted.equals(cidr.nth(1)) && !ObjectKey.of(service).equals(API);
    if (kept || taken().contains(wanted)) {
      throw refused(service, wanted, "provided IP is already allocated");
    }
    return wanted;
  }

  private static ApiException refused(ObjectNode service, String wanted, String why) {
    return Admission.invalid(
        Kinds.SERVICE,
        service,
        List.of(
            new FieldError(
                "spec.clusterIPs",
                FieldError.INVALID,
                "Invalid value: [\"" + wanted + "\"]: " + why)));
  }

  private Set<String> taken() {
    Set<String> taken = new HashSet<>(beingStored);
    services.get().forEach(service -> taken.add(Json.text(service, "spec", "clusterIP")));
    return taken;
  }
}
