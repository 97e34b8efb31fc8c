package dev.berth.agent;

import dev.berth.agent.build.BuildHost;
import dev.berth.agent.build.Builds;
import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.container.Capability;
import dev.berth.agent.container.Containers;
import dev.berth.agent.container.Machine;
import dev.berth.agent.container.Security;
import dev.berth.agent.endpoint.Call;
import dev.berth.agent.endpoint.Gateway;
import dev.berth.agent.endpoint.Ingress;
import dev.berth.agent.endpoint.TrafficReport;
import dev.berth.agent.image.ContentStore;
import dev.berth.agent.image.ImageNames;
import dev.berth.agent.image.Images;
import dev.berth.agent.image.Registries;
import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.agent.linux.Seccomp;
import dev.berth.agent.linux.SeccompProfile;
import dev.berth.agent.linux.Syscalls;
import dev.berth.agent.logs.LogRotation;
import dev.berth.agent.network.ApiRelay;
import dev.berth.agent.network.Dns;
import dev.berth.agent.network.DnsZone;
import dev.berth.agent.network.PodFiles;
import dev.berth.agent.network.PodNetwork;
import dev.berth.agent.node.Capacity;
import dev.berth.agent.node.NodeAgent;
import dev.berth.agent.pod.PodHost;
import dev.berth.agent.pod.Pods;
import dev.berth.agent.probe.Prober;
import dev.berth.agent.stats.Stats;
import dev.berth.agent.status.EventRecorder;
import dev.berth.agent.status.PodStatusWriter;
import dev.berth.agent.stream.Tunnel;
import dev.berth.agent.volume.ApiReferences;
import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.client.ApiClient;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// The agent of one host, put together: the only place that sees every room.
///
/// Started from the kernel upwards and closed in the reverse order; containers run on when it
/// closes.
public final class Agent implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Agent.class);
  private static final Duration REGISTRATION = Duration.ofSeconds(60);
  private static final int STARTERS = 8;

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private Agent() {}

  /// Returns when pods can run here. What was started before a failure is closed again.
  public static Agent start(AgentConfig c) {
    Agent agent = new Agent();
    try {
      agent.assemble(c.real());
      return agent;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      agent.close();
      throw new IllegalStateException("interrupted", e);
    } catch (RuntimeException e) {
      agent.close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T own(T part) {
    parts.push(part);
    return part;
  }

  private void assemble(AgentConfig c) throws InterruptedException {
    Natives.keepIn(c.dataDir().resolve("lib"));
    Clock clock = Clock.systemUTC();
    Syscalls sys = new JnaSyscalls();
    Containers containers =
        own(
            new Containers(
                Machine.prepare(sys, Cgroups.detect(), c.dataDir().resolve("lib"), clock)));
    ApiClient api = own(ApiClient.fromKubeconfig(c.kubeconfig()));
    ContentStore store = new ContentStore(c.dataDir(), sys);
    Registries registries = new Registries(api, c.offline());
    Images images = new Images(store, new ImageNames(c.dataDir()), registries);
    String address = HostAddress.find();
    NodeAgent node =
        own(new NodeAgent(api, c.nodeName(), address, c.dataDir(), clock, () -> imageList(images)));
    Cidr subnet = node.register(REGISTRATION);
    PodNetwork network = own(PodNetwork.start(sys, c.runDir(), subnet, subnet, c.serviceCidr()));
    ApiRelay apiRelay = own(new ApiRelay(network.bridge().address(), api::server));
    own(
        new Dns(
            network.bridge().address(), new DnsZone(network::table), PodFiles.hostNameServers()));

    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(Math.max(1, Runtime.getRuntime().availableProcessors() / 2))
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                // its directory in /tmp would stay after a kill
                .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false)));
    own(() -> vertx.close().toCompletionStage().toCompletableFuture().join());
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    own(metrics::close);
    Gateway gateway =
        own(
            new Gateway(
                vertx,
                network.bridge().address(),
                metrics,
                clock,
                System::nanoTime,
                ThreadLocalRandom.current(),
                Agent::id));
    Ingress ingress =
        own(new Ingress(vertx, c.ingressAddress(), c.ingressPort(), ThreadLocalRandom.current()));

    CompletableFuture<Sync> known = new CompletableFuture<>(); // it needs the pods, and they it
    EventRecorder events = own(new EventRecorder(api, c.nodeName(), clock, Agent::id));
    PodStatusWriter status = own(new PodStatusWriter(api));
    LogRotation rotation = own(new LogRotation(containers));
    ExecutorService starter =
        Executors.newFixedThreadPool(
            STARTERS, Thread.ofPlatform().name("container-start-", 0).daemon().factory());
    own(starter::shutdown);
    Security security =
        Security.standard(
            Seccomp.compile(SeccompProfile.standard(Capability.names(Capability.DEFAULT))));
    PodHost host =
        new PodHost(
            c.nodeName(),
            address,
            c.dataDir(),
            containers,
            images,
            network,
            new Prober(),
            rotation,
            status,
            events,
            security,
            clock,
            starter,
            own(
                new ApiReferences(
                    api,
                    resource -> Capacity.read(c.dataDir()).allocatable(resource),
                    () -> known.join().services().all())));
    Pods pods = own(new Pods(host));

    Builds builds =
        own(
            new Builds(
                api,
                new BuildHost(
                    c.nodeName(),
                    c.dataDir(),
                    containers,
                    images,
                    registries,
                    network,
                    security,
                    rotation,
                    clock)));

    Sync sync =
        own(
            new Sync(
                api, c.nodeName(), network, apiRelay.target(), gateway, ingress, pods, builds));
    known.complete(sync);
    sync.awaitSynced(REGISTRATION);
    own(
        new Tunnel(
            api,
            c.nodeName(),
            List.of(
                new LogRoutes(sync, pods, clock),
                new StreamRoutes(sync, pods),
                new DebugRoute(sync, pods),
                new BuildLogRoute(sync, builds, c.dataDir(), clock),
                new CallRoute(new Call(gateway)),
                new StatsRoute(sync, new Stats(containers, c.nodeName()), clock),
                new TrafficRoute(new TrafficReport(gateway, clock)),
                new MetricsRoute(metrics))));
    node.start();
    log.atInfo()
        .addKeyValue("node", c.nodeName())
        .addKeyValue("pods", subnet)
        .addKeyValue("cgroups", containers.machine().cgroups().version())
        .log("agent is ready");
  }

  private static String id() {
    byte[] bytes = new byte[8];
    ThreadLocalRandom.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static JsonNode imageList(Images images) {
    ArrayNode list = Json.array();
    images
        .names()
        .forEach(
            (name, digest) ->
                images
                    .store()
                    .find(digest)
                    .ifPresent(
                        image -> {
                          String plain = name.substring(name.indexOf(' ') + 1);
                          list.addObject()
                              .put("sizeBytes", image.size())
                              .putArray("names")
                              .add(plain)
                              .add(plain.replaceAll("[@].*|:[^/:]*$", "") + "@" + digest);
                        }));
    return list;
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        log.atWarn().setCause(e).log("a part of the agent did not close well");
      }
    }
  }
}
