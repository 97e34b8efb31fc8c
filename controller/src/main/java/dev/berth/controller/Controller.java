package dev.berth.controller;

import dev.berth.controller.apiserver.ApiServer;
import dev.berth.controller.apiserver.ApiSurface;
import dev.berth.controller.apiserver.Authentication;
import dev.berth.controller.apiserver.Debug;
import dev.berth.controller.apiserver.Documents;
import dev.berth.controller.apiserver.NodeTunnels;
import dev.berth.controller.apiserver.Reading;
import dev.berth.controller.apiserver.Relays;
import dev.berth.controller.apiserver.WatchStreams;
import dev.berth.controller.apiserver.Writing;
import dev.berth.controller.auth.Authorizer;
import dev.berth.controller.auth.ClientCertificates;
import dev.berth.controller.auth.Kubeconfig;
import dev.berth.controller.auth.Pki;
import dev.berth.controller.auth.StaticToken;
import dev.berth.controller.backup.BackupSurface;
import dev.berth.controller.blobs.BlobStore;
import dev.berth.controller.imageregistry.ImageRegistry;
import dev.berth.controller.reconcile.TaskRunner;
import dev.berth.controller.reconcile.VirtualThreads;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.StoreKeys;
import dev.berth.controller.resource.SystemNamespaces;
import dev.berth.controller.storage.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running control plane: store, rules, API server, reconcilers. Started in that order and
/// stopped in the other: nobody may write to a store that is closing.
public final class Controller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
  private static final Duration RENEWAL_CHECK = Duration.ofHours(6);

  private final ControllerConfig config;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final String nodeName;
  private final Pki pki;
  private final ApiServer api;

  /// Returns when the API answers and the kubeconfigs are written.
  ///
  /// @throws IOException when a port, a directory or the store cannot be had; the message says the
  ///   fix
  public static Controller start(ControllerConfig config) throws IOException {
    return new Controller(config);
  }

  private Controller(ControllerConfig config) throws IOException {
    this.config = config;
    Files.createDirectories(config.dataDir());
    requireWhole(config.dataDir());
    try {
      InstantSource clock = Clock.systemUTC();
      RandomGenerator random = new PerThreadRandom();
      this.nodeName = HostNames.nodeName(config.dataDir());
      this.pki =
          Pki.open(config.dataDir().resolve("pki"), clock, HostNames.serverNames(config), nodeName);
      SqliteStore store = opened(openStore());
      Resources resources =
          new Resources(
              store, clock, () -> UUID.randomUUID().toString(), random, config.serviceCidr());
      SystemNamespaces.ensure(resources);
      VirtualThreads runner = opened(new VirtualThreads(clock));
      ControlPlane plane = new ControlPlane(resources, runner, config.podCidr());
      this.api = opened(serve(store, resources, plane, clock, random));
      writeKubeconfigs();
      parts.push(plane::stop);
      plane.start();
      renewLater(runner);
      LOG.atInfo()
          .addKeyValue("port", api.port())
          .addKeyValue("dataDir", config.dataDir())
          .log("the controller serves");
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static void requireWhole(Path dataDir) throws IOException {
    Path marker = dataDir.resolve(Restore.MARKER);
    if (Files.exists(marker)) {
      throw new IOException(
          "a restore into "
              + dataDir
              + " was interrupted: run berth restore "
              + Files.readString(marker).strip()
              + " --data-dir "
              + dataDir
              + " --force again");
    }
  }

  private SqliteStore openStore() throws IOException {
    try {
      return SqliteStore.open(
          config.dataDir().resolve("store"),
          config.dataDir().resolve("lib"),
          StoreKeys::isPersistent);
    } catch (dev.berth.controller.storage.StoreException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private ApiServer serve(
      SqliteStore store,
      Resources resources,
      ControlPlane plane,
      InstantSource clock,
      RandomGenerator random)
      throws IOException {
    Authorizer authorizer = new Authorizer(resources);
    NodeTunnels tunnels = new NodeTunnels(authorizer);
    Relays relays = new Relays(resources, tunnels);
    WatchStreams watches = new WatchStreams(resources, clock, random);
    Metrics metrics = opened(new Metrics(resources));
    ApiSurface surface =
        new ApiSurface(
            authorizer,
            new Documents(() -> metrics.scrape() + relays.agentMetrics(), store::problem),
            new Reading(resources, watches, clock),
            new Writing(resources, authorizer),
            relays,
            new Debug(resources, tunnels, plane.inspection()::of));
    Supplier<String> ids = () -> UUID.randomUUID().toString();
    Path registry = config.dataDir().resolve("registry");
    surface.mount(
        "/v2",
        new ImageRegistry(
            registry.resolve("repositories"), new BlobStore(registry, ids), authorizer));
    surface.mount(
        BackupSurface.PATH, new BackupSurface(config.dataDir(), store::snapshot, clock, ids));
    Authentication authentication =
        new Authentication(
            new ClientCertificates(pki.ca().certificate(), clock),
            StaticToken.open(config.dataDir().resolve("pki").resolve("admin.token")));
    return ApiServer.start(
        config.bindAddress(),
        config.port(),
        pki.serving(),
        authentication,
        surface,
        tunnels,
        watches);
  }

  private <T extends AutoCloseable> T opened(T part) {
    parts.push(part);
    return part;
  }

  private void writeKubeconfigs() throws IOException {
    String server = "https://127.0.0.1:" + port();
    Kubeconfig.write(adminKubeconfig(), server, pki.ca(), pki.admin(), "admin");
    Kubeconfig.write(agentKubeconfig(), server, pki.ca(), pki.agent(), nodeName);
  }

  private void renewLater(TaskRunner runner) {
    runner.after(
        RENEWAL_CHECK,
        () -> {
          renew();
          renewLater(runner);
        });
  }

  private void renew() {
    try {
      if (pki.renew()) {
        api.reload(pki.serving());
        LOG.atInfo().log("the server certificate was renewed");
      }
      writeKubeconfigs();
    } catch (IOException e) {
      LOG.atError().setCause(e).log("certificates could not be renewed; tried again later");
    }
  }

  public int port() {
    return api.port();
  }

  /// The node that `agent.kubeconfig` speaks for.
  public String nodeName() {
    return nodeName;
  }

  public Path adminKubeconfig() {
    return config.dataDir().resolve("admin.kubeconfig");
  }

  public Path agentKubeconfig() {
    return config.dataDir().resolve("agent.kubeconfig");
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("a part of the controller did not close cleanly");
      }
    }
  }

  /// Production's randomness, safe for any thread.
  private static final class PerThreadRandom implements RandomGenerator {
    @Override
    public long nextLong() {
      return ThreadLocalRandom.current().nextLong();
    }
  }
}
