package dev.berth.dashboard;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.dashboard.access.AccessView;
import dev.berth.dashboard.images.ImageViews;
import dev.berth.dashboard.port.Answer;
import dev.berth.dashboard.port.Proven;
import dev.berth.dashboard.port.Request;
import dev.berth.dashboard.port.Traffic;
import dev.berth.dashboard.port.Viewer;
import dev.berth.dashboard.rows.Page;
import dev.berth.dashboard.rows.Row;
import dev.berth.dashboard.rows.Rows;
import dev.berth.dashboard.scene.Scene;
import dev.berth.dashboard.scene.Scenes;
import dev.berth.dashboard.summary.Summaries;
import dev.berth.dashboard.wire.Payload;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What is shown to somebody who is known, and to each only what the viewer may list.
final class ViewerRoutes {
  private static final String ROWS = "rows/";
  private static final String ROW = "row/";
  private static final String IMAGES = "images";

  private final Scenes scenes;
  private final Summaries summaries;
  private final ImageViews images;
  private final Traffic traffic;
  private final InstantSource clock;

  ViewerRoutes(Ports ports) {
    this.scenes = new Scenes(ports.cluster(), ports.rights(), ports.clock());
    this.summaries = new Summaries(ports.cluster(), ports.traffic(), ports.clock());
    this.images = new ImageViews(ports.images(), ports.rights(), ports.clock());
    this.traffic = ports.traffic();
    this.clock = ports.clock();
  }

  /// Empty for a path that there is not.
  Optional<Answer> answer(Request request, String path) throws IOException {
    boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
    if (!reads) {
      return Optional.empty();
    }
    return switch (path) {
      case "summary" -> Optional.of(summary(request));
      case "image" -> Optional.of(image(request));
      case "access" -> Optional.of(access(request));
      case ROWS + IMAGES -> Optional.of(imageRows(request));
      default -> list(request, path);
    };
  }

  private static Viewer viewer(Request request) {
    return request
        .caller()
        .map(Proven::viewer)
        .orElseThrow(
            () ->
                new ApiException(
                    new ApiError.Unauthorized("nobody is logged in: run berth dashboard")));
  }

  private Answer summary(Request request) {
    return summaries.of(scenes.of(viewer(request))).answer(request);
  }

  private Optional<Answer> list(Request request, String path) {
    if (path.startsWith(ROW)) {
      return row(request, path.substring(ROW.length()));
    }
    return path.startsWith(ROWS) ? rows(request, path.substring(ROWS.length())) : Optional.empty();
  }

  private Optional<Answer> rows(Request request, String kind) {
    Viewer viewer = viewer(request);
    return Rows.kind(kind).map(type -> page(request, visible(viewer, kind, type)));
  }

  private List<Row> visible(Viewer viewer, String kind, ResourceType type) {
    Scene scene = scenes.of(viewer);
    if (scene.reach(type).isNowhere()) {
      throw forbidden(viewer, "list", type, "in any namespace");
    }
    return Rows.of(kind, scene, traffic.figures(), clock.instant());
  }

  /// One row, for the page of one object.
  private Optional<Answer> row(Request request, String kind) {
    Viewer viewer = viewer(request);
    String namespace = request.query("namespace").orElse("");
    String name = request.query("name").orElse("");
    return Rows.kind(kind)
        .map(
            type ->
                visible(viewer, kind, type).stream()
                    .filter(row -> row.name().equals(name) && row.namespace().equals(namespace))
                    .findFirst()
                    .map(row -> tagged(request, row.json()))
                    .orElseThrow(() -> notFound(type, name)));
  }

  private static ApiException notFound(ResourceType type, String name) {
    return new ApiException(ApiError.fromCode(404, type.plural() + " \"" + name + "\" not found"));
  }

  private Answer imageRows(Request request) throws IOException {
    Viewer viewer = viewer(request);
    Scene scene = scenes.of(viewer);
    if (!images.allows(viewer, scene)) {
      throw forbidden(viewer, "list", Kinds.POD, "in any namespace, nor get /v2/_catalog");
    }
    return page(request, images.rows(viewer, scene));
  }

  private static Answer page(Request request, List<Row> rows) {
    Page page =
        Page.of(
            request.query("namespace"),
            request.query("q"),
            request.query("only"),
            request.query("page"));
    return tagged(request, page.of(rows));
  }

  private Answer image(Request request) throws IOException {
    Viewer viewer = viewer(request);
    String name = request.query("name").orElse("");
    return images
        .image(viewer, scenes.of(viewer), name)
        .map(json -> tagged(request, json))
        .orElseThrow(
            () ->
                new ApiException(
                    ApiError.fromCode(
                        404,
                        "this cluster's repository has no image \""
                            + name
                            + "\" that you may read: name it REPOSITORY:TAG, as berth images shows"
                            + " it")));
  }

  private Answer access(Request request) {
    Viewer viewer = viewer(request);
    String namespace = request.query("namespace").orElse("default");
    AccessView view = new AccessView(scenes.of(viewer), namespace);
    view.missing()
        .ifPresent(
            type -> {
              throw forbidden(viewer, "list", type, "in the namespace \"" + namespace + "\"");
            });
    return tagged(request, view.toJson());
  }

  private static Answer tagged(Request request, ObjectNode json) {
    return Payload.of(Json.bytes(json), "application/json").answer(request);
  }

  private static ApiException forbidden(
      Viewer viewer, String verb, ResourceType type, String where) {
    return new ApiException(
        new ApiError.Forbidden(
            "User \"" + viewer.user() + "\" may not " + verb + " " + type.plural() + " " + where));
  }
}
