package dev.berth.controller.kubernetesservice;

import java.util.Optional;

/// Where the API is.
///
/// @param clusterAddress of the Service, in the service network
/// @param advertised an address of this host that is no loopback one; empty on a host without
/// @param port at that address
public record ApiAddresses(String clusterAddress, Optional<String> advertised, int port) {}
