package dev.berth.cli.look;

import dev.berth.api.Json;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// A ModelApp as one line of wire, `model -> endpoint -> app -> URL`, with the break where it is,
/// and below it what is wrong and what to do. Pure.
final class Wire {
  private final JsonNode app;
  private final boolean colours;
  private final boolean unicode;
  private final UnaryOperator<String> reachable;

  Wire(JsonNode app, boolean colours, boolean unicode, UnaryOperator<String> reachable) {
    this.app = app;
    this.colours = colours;
    this.unicode = unicode;
    this.reachable = reachable;
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    boolean ready = is("Ready");
    lines.add(
        mark(ready)
            + " "
            + Paint.BOLD.of(Printable.line(Json.name(app)), colours)
            + (Json.namespace(app).equals("default")
                ? ""
                : "  (namespace " + Printable.line(Json.namespace(app)) + ")"));
    lines.add("   " + wire());
    if (!ready) {
      lines.addAll(whatIsWrong());
    }
    return lines;
  }

  private String wire() {
    StringBuilder line = new StringBuilder(part("model " + revisions(), is("ModelReady")));
    line.append(link(is("ModelReady"))).append(part(endpoint(), is("EndpointReady")));
    if (!Json.at(app, "spec", "app").isMissingNode()) {
      line.append(link(is("EndpointReady")))
          .append(part("app " + counts(Json.at(app, "status", "app")), is("AppReady")));
    }
    String url = Json.text(app, "status", "url");
    return url.isEmpty()
        ? line.toString()
        : line.append(link(is("AppReady"))).append(Printable.line(reachable.apply(url))).toString();
  }

  private String revisions() {
    StringJoiner all = new StringJoiner(" + ");
    for (JsonNode revision : Json.at(app, "status", "revisions")) {
      String weight = Json.text(revision, "weight");
      all.add(
          Json.text(revision, "name")
              + " "
              + counts(revision)
              + (weight.isEmpty() || weight.equals("100") ? "" : " " + weight + "%"));
    }
    return all.length() == 0 ? "none yet" : Printable.line(all.toString());
  }

  private String endpoint() {
    String name = Json.optional(app, "spec", "endpoint", "name").orElse("model");
    String protocol =
        Json.optional(app, "status", "endpoint", "protocol").orElse("protocol unknown yet");
    return Printable.line("endpoint " + Json.name(app) + "-" + name + " (" + protocol + ")");
  }

  private static String counts(JsonNode of) {
    return of.path("ready").asInt(0) + "/" + of.path("desired").asInt(0);
  }

  private String part(String text, boolean well) {
    return (well ? Paint.GREEN : Paint.RED).of(text, colours);
  }

  private String link(boolean well) {
    if (unicode) {
      return well ? " ──▶ " : " ─✗─ ";
    }
    return well ? " --> " : " -x- ";
  }

  private String mark(boolean well) {
    return well ? Paint.GREEN.of("OK", colours) : Paint.RED.of("XX", colours);
  }

  /// The conditions that say no, the first cause first, then the last failure with its hint.
  private List<String> whatIsWrong() {
    List<String> lines = new ArrayList<>();
    for (String type :
        List.of("SpecAccepted", "ImagesReady", "ModelReady", "EndpointReady", "AppReady")) {
      JsonNode condition = condition(type);
      if (Json.text(condition, "status").equals("False")) {
        lines.add(
            "   "
                + type
                + ": "
                + Printable.line(
                    Json.text(condition, "reason") + ": " + Json.text(condition, "message")));
      }
    }
    JsonNode failure = Json.at(app, "status", "lastFailure");
    if (failure.isObject()) {
      lines.add(
          "   last failure: "
              + Printable.line(
                  Json.text(failure, "pod") + " " + Json.text(failure, "reason") + exit(failure)));
      Json.optional(failure, "hint").ifPresent(hint -> lines.add("   do: " + Printable.line(hint)));
    }
    return lines;
  }

  private static String exit(JsonNode failure) {
    String code = Json.text(failure, "exitCode");
    return code.isEmpty() ? "" : " (exit code " + code + ")";
  }

  private boolean is(String type) {
    return Json.text(condition(type), "status").equals("True");
  }

  private JsonNode condition(String type) {
    for (JsonNode condition : Json.at(app, "status", "conditions")) {
      if (Json.text(condition, "type").equals(type)) {
        return condition;
      }
    }
    return Json.object();
  }
}
