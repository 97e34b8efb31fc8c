package dev.berth.agent;

import dev.berth.api.Cidr;
import java.nio.file.Path;

/// How to run the agent of one host.
///
/// @param runDir namespaces and other things that do not survive a restart of the machine
/// @param offline never ask a registry outside of the cluster
public record AgentConfig(
    Path dataDir,
    Path runDir,
    Path kubeconfig,
    String nodeName,
    String ingressAddress,
    int ingressPort,
    boolean offline,
    Cidr serviceCidr) {}
