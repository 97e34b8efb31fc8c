package dev.berth.gitops.context;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.build.ImageBuildSpec;
import dev.berth.api.modelapp.Source;
import dev.berth.gitops.port.ContextStore;
import dev.berth.gitops.render.Item;
import dev.berth.gitops.render.Paths;
import dev.berth.gitops.render.RenderException;
import dev.berth.gitops.render.Renderer;
import dev.berth.gitops.source.CommitFiles;
import dev.berth.gitops.source.CommitFiles.Entry;
import dev.berth.gitops.source.CommitFiles.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The contexts of one repository's ModelApps.
public final class CommitContexts {
  public static final String FORBIDDEN = "Forbidden";

  private static final String ANNOTATION = "berth.dev/context-digest.";
  private static final List<String> COMPONENTS = List.of("model", "app");
  private static final int REMEMBERED = 1000;

  private final ContextStore store;

  /// Returns where the repository may write the object; an ApiException says why it may not.
  public interface Rights {
    void require(ResourceType type, ObjectKey key);
  }

  /// By folder (its tree, so its content), script and repository: what was pushed.
  private final Map<String, Digest> pushed =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Digest> eldest) {
          return size() > REMEMBERED;
        }
      };

  public CommitContexts(ContextStore store) {
    this.store = store;
  }

  /// The items, ModelApps among them with the digests of their contexts. Nothing is pushed unless
  /// all of them may be written.
  ///
  /// @param namespace of objects that name none
  /// @param mostBytes of one context, unpacked
  public List<Item> noted(
      CommitFiles files, List<Item> items, String namespace, long mostBytes, Rights rights)
      throws RenderException {
    requireRights(items, namespace, rights);
    List<String> problems = new ArrayList<>();
    List<Item> noted = new ArrayList<>();
    for (Item item : items) {
      noted.add(
          isModelApp(item.object()) ? noted(files, item, namespace, mostBytes, problems) : item);
    }
    if (!problems.isEmpty()) {
      throw new RenderException(Renderer.RENDER_FAILED, problems);
    }
    return noted;
  }

  private static void requireRights(List<Item> items, String namespace, Rights rights)
      throws RenderException {
    List<String> refusals = new ArrayList<>();
    for (Item item : items) {
      try {
        requireRights(item.object(), namespace, rights);
      } catch (ApiException e) {
        if (!(e.error() instanceof ApiError.Forbidden)) {
          throw e;
        }
        refusals.add(item.place() + ": " + e.getMessage());
      }
    }
    if (!refusals.isEmpty()) {
      throw new RenderException(FORBIDDEN, refusals);
    }
  }

  /// The name of a build ends in a digest that is not known yet; roles name none by it.
  private static void requireRights(ObjectNode object, String namespace, Rights rights) {
    for (String component : COMPONENTS) {
      if (isModelApp(object) && source(object, component) instanceof Source.Build) {
        String own = namespace(object, namespace);
        rights.require(Kinds.MODEL_APP, new ObjectKey(own, Json.name(object)));
        rights.require(Kinds.IMAGE_BUILD, new ObjectKey(own, Json.name(object) + "-" + component));
      }
    }
  }

  private static Source source(ObjectNode modelApp, String component) {
    return Source.read(modelApp.path("spec").path(component));
  }

  private static String namespace(ObjectNode object, String otherwise) {
    return Json.namespace(object).isEmpty() ? otherwise : Json.namespace(object);
  }

  private static boolean isModelApp(ObjectNode object) {
    return Json.text(object, "kind").equals("ModelApp")
        && Json.text(object, "apiVersion").equals(Kinds.MODEL_APP.gvk().apiVersion());
  }

  private Item noted(
      CommitFiles files, Item item, String namespace, long mostBytes, List<String> problems) {
    ObjectNode object = Json.deepCopy(item.object());
    for (String component : COMPONENTS) {
      if (source(object, component) instanceof Source.Build build) {
        try {
          Digest digest =
              push(
                  files, item.folder(), build, repository(object, component, namespace), mostBytes);
          Json.ensure(object, "metadata", "annotations")
              .put(ANNOTATION + component, digest.toString());
        } catch (IOException e) {
          problems.add(item.place() + ": spec." + component + ".build: " + e.getMessage());
        }
      }
    }
    return new Item(object, item.place());
  }

  private static String repository(ObjectNode object, String component, String namespace) {
    return namespace(object, namespace) + "/" + Json.name(object) + "-" + component;
  }

  private Digest push(
      CommitFiles files, String folder, Source.Build build, String repository, long mostBytes)
      throws IOException {
    String context =
        Paths.resolve(folder, build.context())
            .orElseThrow(
                () -> new IOException("context " + build.context() + " leaves the repository"));
    Entry entry =
        files
            .find(context)
            .filter(found -> found.kind() == Kind.FOLDER)
            .orElseThrow(
                () -> new IOException("context " + context + " is no folder of the commit"));
    String key = entry.id() + "\n" + build.containerScript() + "\n" + repository;
    Digest known = pushed.get(key);
    if (known != null) {
      return known;
    }
    Path archive = Files.createTempFile("berth-context-", ".tar.gz");
    try {
      Digest packed =
          new CommitPacker(files, context, build.containerScript(), mostBytes).pack(archive);
      Digest digest = store.put(repository, archive, packed);
      pushed.put(key, digest);
      return digest;
    } finally {
      Files.delete(archive);
    }
  }

  /// The builds that a ModelApp waits for, as `berth apply` asks for them.
  public static List<ObjectNode> builds(ObjectNode modelApp) {
    List<ObjectNode> builds = new ArrayList<>();
    if (isModelApp(modelApp)) {
      for (String component : COMPONENTS) {
        Optional<String> digest = Json.annotation(modelApp, ANNOTATION + component);
        if (digest.isPresent() && source(modelApp, component) instanceof Source.Build build) {
          builds.add(build(modelApp, component, build, Digest.parse(digest.get())));
        }
      }
    }
    return builds;
  }

  private static ObjectNode build(
      ObjectNode modelApp, String component, Source.Build build, Digest context) {
    ImageBuildSpec spec =
        new ImageBuildSpec(
            context,
            build.containerScript(),
            build.target(),
            build.args(),
            repository(modelApp, component, ""),
            Optional.empty());
    ObjectNode object =
        Json.object()
            .put("apiVersion", Kinds.IMAGE_BUILD.gvk().apiVersion())
            .put("kind", "ImageBuild");
    Json.meta(object)
        .put("name", spec.objectName(Json.name(modelApp), component))
        .put("namespace", Json.namespace(modelApp))
        .putObject("labels")
        .put("berth.dev/modelapp", Json.name(modelApp))
        .put("berth.dev/component", component);
    object.set("spec", spec.toTree());
    return object;
  }
}
