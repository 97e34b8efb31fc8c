package dev.berth.cli.look;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.Times;
import dev.berth.api.why.Cause;
import dev.berth.api.why.Explanation;
import dev.berth.api.why.Situation;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.term.Wrap;
import dev.berth.cli.why.Culprit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// A ModelApp as one line of wire, `model -> endpoint -> app -> URL`, broken where the cause is;
/// what is only waiting for that part is marked as waiting, not as a second failure. Below it the
/// cause in one line, and what to do. Pure.
final class Wire {
  private static final String INDENT = "   ";

  /// How the lines look, and what is asked of the outside.
  record Look(
      boolean colours,
      boolean unicode,
      int columns,
      Instant now,
      UnaryOperator<String> reachable,
      String same,
      Map<ObjectKey, String> traffic) {
    Look {
      traffic = Map.copyOf(traffic);
    }

    static Look of(Terminal terminal, Instant now, UnaryOperator<String> reachable, String same) {
      return new Look(
          terminal.coloursInData(),
          terminal.unicode(),
          terminal.dataColumns(),
          now,
          reachable,
          same,
          Map.of());
    }

    /// With what endpoints are asked, in words, by ModelApp.
    Look with(Map<ObjectKey, String> figures) {
      return new Look(colours, unicode, columns, now, reachable, same, figures);
    }
  }

  /// A part of the wire.
  private enum State {
    RUNS(Paint.GREEN, " ──▶ ", " --> "),
    WAITS(Paint.YELLOW, " ··▶ ", " ..> "),
    BROKEN(Paint.RED, " ─✗─ ", " -x- ");

    private final Paint paint;
    private final String unicode;
    private final String ascii;

    State(Paint paint, String unicode, String ascii) {
      this.paint = paint;
      this.unicode = unicode;
      this.ascii = ascii;
    }
  }

  private final JsonNode app;
  private final Explanation why;
  private final Culprit culprit;
  private final Look look;

  Wire(JsonNode app, Explanation why, Culprit culprit, Look look) {
    this.app = app;
    this.why = why;
    this.culprit = culprit;
    this.look = look;
  }

  static Wire of(Situation situation, Explanation why, Look look) {
    Culprit culprit = why.root().map(root -> Culprit.of(situation, root)).orElse(Culprit.NONE);
    return new Wire(situation.target(), why, culprit, look);
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>(titleAndWire());
    why.root().ifPresent(root -> lines.addAll(cause(root)));
    if (!why.healthy() && why.root().isEmpty()) {
      why.chain().forEach(link -> lines.addAll(wrapped(link.statement())));
    }
    return lines;
  }

  List<String> titleAndWire() {
    return List.of(title(), INDENT + wire());
  }

  private String title() {
    String name = Printable.line(Json.name(app));
    String where =
        Json.namespace(app).equals("default")
            ? ""
            : "  (namespace " + Printable.line(Json.namespace(app)) + ")";
    return mark()
        + " "
        + Paint.BOLD.of(name, look.colours())
        + where
        + why.root().map(this::reason).orElse(why.healthy() ? "" : "  not ready yet");
  }

  private String reason(Cause root) {
    String since =
        root.since()
            .map(time -> ", for " + Times.age(Duration.between(time, look.now())))
            .orElse("");
    return "  " + Printable.line(root.reason() + since);
  }

  /// `!!`: calls are answered, by an older revision or by some of the replicas.
  private String mark() {
    if (why.healthy()) {
      return Paint.GREEN.of("OK", look.colours());
    }
    if (why.root().isEmpty()) {
      return Paint.YELLOW.of("..", look.colours());
    }
    return is("Ready") ? Paint.YELLOW.of("!!", look.colours()) : Paint.RED.of("XX", look.colours());
  }

  private String wire() {
    State model = state(Culprit.MODEL, "ModelReady");
    State endpoint = is("EndpointReady") ? State.RUNS : State.WAITS;
    StringBuilder line = new StringBuilder(part("model " + revisions(), model));
    line.append(link(model)).append(part(endpoint(), endpoint));
    State last = endpoint;
    if (Json.at(app, "spec", "app").isObject()) {
      State web = endpoint == State.RUNS ? state(Culprit.APP, "AppReady") : webWithoutModel();
      String waits = web == State.WAITS && culprit == Culprit.MODEL ? ", waits for the model" : "";
      line.append(link(endpoint))
          .append(part("app " + counts(Json.at(app, "status", "app")) + waits, web));
      last = web;
    }
    String url = Json.text(app, "status", "url");
    return url.isEmpty()
        ? line.toString()
        : line.append(link(last)).append(Printable.line(look.reachable().apply(url))).toString();
  }

  private State webWithoutModel() {
    return culprit == Culprit.APP ? State.BROKEN : State.WAITS;
  }

  private State state(Culprit part, String condition) {
    if (is(condition)) {
      return State.RUNS;
    }
    return culprit == part ? State.BROKEN : State.WAITS;
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
    String figures = look.traffic().getOrDefault(ObjectKey.of(app), "");
    return Printable.line(
        "endpoint "
            + Json.name(app)
            + "-"
            + name
            + " ("
            + protocol
            + (figures.isEmpty() ? "" : ", " + figures)
            + ")");
  }

  private static String counts(JsonNode of) {
    return of.path("ready").asInt(0) + "/" + of.path("desired").asInt(0);
  }

  private String part(String text, State state) {
    return state.paint.of(text, look.colours());
  }

  private String link(State state) {
    return look.unicode() ? state.unicode : state.ascii;
  }

  private List<String> cause(Cause root) {
    List<String> lines = new ArrayList<>(wrapped(root.subject() + ": " + root.message()));
    if (!root.logTail().isEmpty()) {
      String last = Printable.line(root.logTail().getLast());
      lines.add(INDENT + Paint.DIM.of("| " + last, look.colours()));
    }
    why.fixes().stream().findFirst().ifPresent(fix -> lines.addAll(wrapped("do: " + fix)));
    lines.add(INDENT + "more: berth why " + Printable.line(Json.name(app)) + look.same());
    return lines;
  }

  private List<String> wrapped(String text) {
    return Wrap.hanging(INDENT, Printable.line(text), look.columns());
  }

  private boolean is(String type) {
    return Conditions.isTrue(app, type);
  }
}
