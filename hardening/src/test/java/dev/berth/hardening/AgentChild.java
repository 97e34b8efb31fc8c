package dev.berth.hardening;

import dev.berth.agent.Agent;
import dev.berth.agent.AgentConfig;
import dev.berth.api.Cidr;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// An agent alone in a process, to be killed: data directory, run directory, kubeconfig, node name.
final class AgentChild {
  private AgentChild() {}

  public static void main(String[] args) throws InterruptedException {
    Agent.start(
        new AgentConfig(
            Path.of(args[0]),
            Path.of(args[1]),
            Path.of(args[2]),
            args[3],
            "127.0.0.1",
            8080,
            true,
            Cidr.parse("10.96.0.0/16")));
    new CountDownLatch(1).await();
  }
}
