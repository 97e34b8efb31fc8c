package dev.berth.controller;

import dev.berth.controller.apiserver.Actions;
import dev.berth.controller.apiserver.ApiServer;
import dev.berth.controller.apiserver.ApiSurface;
import dev.berth.controller.apiserver.AuditTrail;
import dev.berth.controller.apiserver.Authentication;
import dev.berth.controller.apiserver.Debug;
import dev.berth.controller.apiserver.Documents;
import dev.berth.controller.apiserver.Measuring;
import dev.berth.controller.apiserver.NodeTraffic;
import dev.berth.controller.apiserver.NodeTunnels;
import dev.berth.controller.apiserver.Reading;
import dev.berth.controller.apiserver.Relays;
import dev.berth.controller.apiserver.Streams;
import dev.berth.controller.apiserver.WatchStreams;
import dev.berth.controller.apiserver.Writing;
import dev.berth.controller.audit.AuditLog;
import dev.berth.controller.auth.Authorizer;
import dev.berth.controller.auth.BearerTokens;
import dev.berth.controller.auth.ClientCertificates;
import dev.berth.controller.auth.Impersonation;
import dev.berth.controller.auth.Kubeconfig;
import dev.berth.controller.auth.Pki;
import dev.berth.controller.auth.Reviews;
import dev.berth.controller.auth.ServiceAccountTokens;
import dev.berth.controller.auth.StaticToken;
import dev.berth.controller.auth.TokenKey;
import dev.berth.controller.backup.BackupSurface;
import dev.berth.controller.blobs.BlobStore;
import dev.berth.controller.dashboard.CachedCluster;
import dev.berth.controller.dashboard.CookieLogins;
import dev.berth.controller.dashboard.DashboardSurface;
import dev.berth.controller.dashboard.MeasuredTraffic;
import dev.berth.controller.dashboard.RegistryCatalog;
import dev.berth.controller.dashboard.TokenLogins;
import dev.berth.controller.dashboard.ViewerRights;
import dev.berth.controller.gitops.GitOpsReconciler;
import dev.berth.controller.gitops.WebhookSurface;
import dev.berth.controller.imageregistry.ImageRegistry;
import dev.berth.controller.imageregistry.RegistryReader;
import dev.berth.controller.imageregistry.RegistryWriter;
import dev.berth.controller.kubernetesservice.ApiAddresses;
import dev.berth.controller.reconcile.TaskRunner;
import dev.berth.controller.reconcile.VirtualThreads;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.StoreKeys;
import dev.berth.controller.resource.SystemNamespaces;
import dev.berth.controller.storage.SealedValues;
import dev.berth.controller.storage.SqliteStore;
import dev.berth.dashboard.Dashboard;
import dev.berth.dashboard.Ports;
import dev.berth.dashboard.session.Sessions;
import dev.berth.gitops.GitOps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running control plane: store, rules, API server, reconcilers. Started in that order and
/// stopped in the other: nobody may write to a store that is closing.
public final class Controller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
  private static final Duration REQUEST_PATIENCE = Duration.ofSeconds(60);
  private static final Duration RENEWAL_CHECK = Duration.ofHours(6);

  /// In the directory of the other keys, with which it goes into a backup.
  static final String SECRET_KEYS = "secrets.keys";

  private final ControllerConfig config;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final String nodeName;
  private final Pki pki;
  private final ApiServer api;
  private @Nullable TokenKey tokenKey;

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
    try (Opening<SqliteStore> opening = Opening.of("open-store", this::openStore)) {
      InstantSource clock = Clock.systemUTC();
      RandomGenerator random = new PerThreadRandom();
      this.nodeName = HostNames.nodeName(config.dataDir());
      this.pki = Pki.open(pkiDirectory(), clock, HostNames.serverNames(config), nodeName);
      ApiServer.prepare();
      SqliteStore store = opened(opening.take());
      Resources resources =
          new Resources(
              store, clock, () -> UUID.randomUUID().toString(), random, config.serviceCidr());
      SystemNamespaces.ensure(resources);
      ServiceAccountTokens tokens =
          new ServiceAccountTokens(
              this::tokenKey, resources, clock, () -> UUID.randomUUID().toString());
      VirtualThreads runner = opened(new VirtualThreads(clock));
      ControlPlane plane =
          new ControlPlane(
              resources,
              runner,
              new ControlPlane.Network(config.podCidr(), this::addresses),
              new ControlPlane.Trust(pki.ca().certificatePem(), tokens::legacy));
      this.api = opened(serve(store, resources, plane, tokens, runner, clock, random));
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
          StoreKeys::isPersistent,
          new SealedValues(
              config.secretKeys().orElseGet(() -> pkiDirectory().resolve(SECRET_KEYS)),
              StoreKeys::isSecret));
    } catch (dev.berth.controller.storage.StoreException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private ApiServer serve(
      SqliteStore store,
      Resources resources,
      ControlPlane plane,
      ServiceAccountTokens tokens,
      TaskRunner runner,
      InstantSource clock,
      RandomGenerator random)
      throws IOException {
    Authorizer authorizer = new Authorizer(resources);
    Supplier<String> ids = () -> UUID.randomUUID().toString();
    BearerTokens bearer =
        new BearerTokens(StaticToken.open(pkiDirectory().resolve("admin.token")), tokens);
    Actions actions = new Actions(resources, new Reviews(authorizer, bearer), tokens);
    NodeTunnels tunnels = new NodeTunnels(authorizer);
    Relays relays = new Relays(resources, tunnels);
    WatchStreams watches = new WatchStreams(resources, clock, random);
    Optional<AuditLog> audit =
        config.audit()
            ? Optional.of(opened(AuditLog.in(config.dataDir().resolve("audit"))))
            : Optional.empty();
    Metrics metrics = opened(new Metrics(resources, () -> audit.map(AuditLog::lost).orElse(0L)));
    ApiSurface surface =
        new ApiSurface(
            authorizer,
            resources.kinds(),
            new Documents(
                () -> metrics.scrape() + relays.agentMetrics(),
                store::problem,
                this::tokenKey,
                resources.kinds()),
            new Reading(resources, watches, clock),
            new Writing(resources, authorizer, actions),
            relays,
            new Streams(resources, tunnels, clock),
            new Measuring(resources, tunnels, clock),
            new Debug(resources, tunnels, plane.inspection()::of));
    Path registry = config.dataDir().resolve("registry");
    BlobStore blobs = new BlobStore(registry, ids);
    runner.run(() -> cancelAbandonedUploads(blobs, runner));
    Path repositories = registry.resolve("repositories");
    surface.mount("/v2", new ImageRegistry(repositories, blobs, authorizer));
    surface.mount(
        BackupSurface.PATH, new BackupSurface(config.dataDir(), store::snapshot, clock, ids));
    GitOpsReconciler git =
        opened(
            new GitOpsReconciler(
                plane.cluster(),
                authorizer,
                new RegistryWriter(repositories, blobs),
                new GitOps.Config(config.dataDir().resolve("git"), config.allowFileGit()),
                clock,
                random));
    plane.add(git);
    surface.mount(WebhookSurface.PATH, new WebhookSurface(git::hook));
    Sessions sessions = new Sessions(clock, new SecureRandom());
    surface.mount(
        DashboardSurface.PATH,
        new DashboardSurface(
            new Dashboard(
                new Ports(
                    new CachedCluster(plane.cluster(), Documents.VERSION),
                    new ViewerRights(authorizer),
                    new TokenLogins(bearer),
                    new MeasuredTraffic(new NodeTraffic(tunnels, clock)::figures),
                    new RegistryCatalog(new RegistryReader(repositories, blobs)),
                    sessions,
                    clock)),
            sessions,
            bearer));
    Authentication authentication =
        new Authentication(
            new ClientCertificates(pki.ca().certificate(), clock),
            bearer,
            new CookieLogins(sessions),
            new Impersonation(authorizer));
    return ApiServer.start(
        config.bindAddress(),
        config.port(),
        pki.serving(),
        authentication,
        surface,
        tunnels,
        watches,
        new ApiServer.Handling(
            new AuditTrail(audit, resources.kinds()), clock, ids, REQUEST_PATIENCE));
  }

  /// Now, beside the start, and once in every [BlobStore#PATIENCE].
  private static void cancelAbandonedUploads(BlobStore blobs, TaskRunner runner) {
    try {
      int cancelled = blobs.cancelAbandoned(runner.now());
      if (cancelled > 0) {
        LOG.atInfo().addKeyValue("uploads", cancelled).log("abandoned uploads were cancelled");
      }
    } catch (IOException e) {
      LOG.atWarn().setCause(e).log("abandoned uploads could not be cancelled; tried again later");
    }
    runner.after(BlobStore.PATIENCE, () -> cancelAbandonedUploads(blobs, runner));
  }

  private Path pkiDirectory() {
    return config.dataDir().resolve("pki");
  }

  /// Read or made when the first token is signed or checked: a start waits for no key that nobody
  /// may ever use.
  private synchronized TokenKey tokenKey() {
    if (tokenKey == null) {
      try {
        tokenKey = TokenKey.open(pkiDirectory());
      } catch (IOException e) {
        throw new UncheckedIOException(
            "the key for tokens of ServiceAccounts: " + e.getMessage(), e);
      }
    }
    return tokenKey;
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

  private ApiAddresses addresses() {
    return new ApiAddresses(HostNames.clusterAddress(config), HostNames.advertised(config), port());
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
