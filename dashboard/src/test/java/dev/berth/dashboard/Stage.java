package dev.berth.dashboard;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.dashboard.port.Answer;
import dev.berth.dashboard.port.ImageCatalog;
import dev.berth.dashboard.port.Proven;
import dev.berth.dashboard.port.Rights;
import dev.berth.dashboard.port.Traffic;
import dev.berth.dashboard.port.Viewer;
import dev.berth.dashboard.session.Sessions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/// A dashboard on fakes of all its ports. `admin` may everything, `guest` nothing, and any other
/// user may list namespaced kinds in the namespace that is called like the user.
public final class Stage {
  public final FakeCluster cluster = new FakeCluster();
  public final Map<ObjectKey, Traffic.Figures> traffic = new HashMap<>();
  public final Map<String, Proven> tokens = new HashMap<>();
  public final FakeImages images = new FakeImages();
  public final Sessions sessions = new Sessions(this::now, new Random(7));
  private Instant now = Things.NOW;
  private final Dashboard dashboard;

  public Stage() {
    this.dashboard =
        new Dashboard(
            new Ports(
                cluster,
                new Rules(),
                token -> Optional.ofNullable(tokens.get(token)),
                () -> Map.copyOf(traffic),
                images,
                sessions,
                this::now));
  }

  private static final class Rules implements Rights {
    @Override
    public boolean allows(Viewer viewer, String verb, ResourceType type, String namespace) {
      return viewer.user().equals("admin")
          || (!namespace.isEmpty() && viewer.user().equals(namespace));
    }

    @Override
    public boolean allowsPath(Viewer viewer, String verb, String path) {
      return viewer.user().equals("admin");
    }
  }

  /// A repository in memory.
  public static final class FakeImages implements ImageCatalog {
    public final Map<String, Map<String, Manifest>> byRepository = new HashMap<>();
    public final Map<String, byte[]> blobs = new HashMap<>();
    public int reads;

    @Override
    public List<String> repositories() {
      return byRepository.keySet().stream().sorted().toList();
    }

    @Override
    public List<String> tags(String repository) {
      return byRepository.getOrDefault(repository, Map.of()).keySet().stream().sorted().toList();
    }

    @Override
    public Optional<String> digest(String repository, String tag) {
      return Optional.ofNullable(byRepository.getOrDefault(repository, Map.of()).get(tag))
          .map(Manifest::digest);
    }

    @Override
    public Optional<Manifest> manifest(String repository, String digest) {
      reads++;
      return byRepository.getOrDefault(repository, Map.of()).values().stream()
          .filter(manifest -> manifest.digest().equals(digest))
          .findFirst();
    }

    @Override
    public Optional<byte[]> blob(String repository, String digest, int most) {
      return Optional.ofNullable(blobs.get(digest)).filter(bytes -> bytes.length <= most);
    }
  }

  public Instant now() {
    return now;
  }

  public void pass(Duration time) {
    now = now.plus(time);
  }

  public Answer ask(FakeRequest request) {
    try {
      return dashboard.handle(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As an admin.
  public JsonNode json(String target) {
    return Json.parse(ask(FakeRequest.get(target).by("admin")).body());
  }

  public JsonNode summary() {
    return json("/ui/api/summary");
  }
}
