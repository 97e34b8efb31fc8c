package dev.berth.cli.look;

import dev.berth.api.Json;
import dev.berth.cli.term.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// A template in kubectl's dialect (kubernetes.io: "JSONPath Support"): text, and in braces a path,
/// a quoted text, or `range PATH` up to `end`. Fields that are not there print nothing. Without
/// unions, scripts, steps in slices and brackets in filters, which hardly anybody writes: they are
/// refused as no step of a path. Pure.
final class JsonPath {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.\\.(?<deep>[\\w-]+|\\*)"
              + "|\\.?\\[(?<q>['\"])(?<key>[^'\"]*)\\k<q>\\]"
              + "|\\.(?<name>\\*|(?:[^.\\[\\]\\s\\\\]|\\\\.)+)"
              + "|\\.?\\[(?<index>\\*|-?\\d{1,9})\\]"
              + "|\\.?\\[(?<from>(?:-?\\d{1,9})?):(?<to>(?:-?\\d{1,9})?)\\]"
              + "|\\.?\\[\\?\\((?<filter>[^\\]]+)\\)\\]");
  private static final Pattern FILTER =
      Pattern.compile("@(?<path>[^=!<>\\s]*)(?:\\s*(?<op>==|!=|<=|>=|<|>)\\s*(?<value>.+))?");
  private static final Pattern BLOCK =
      Pattern.compile("\\{(?<in>(?:[^{}\"']|\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*')*)\\}");

  /// A part of a template.
  private sealed interface Part {
    record Text(String text) implements Part {}

    record Print(List<Matcher> steps) implements Part {}

    record Range(List<Matcher> steps, List<Part> body) implements Part {}
  }

  private final List<Part> parts;
  private final String template;

  private JsonPath(String template) {
    this.template = template;
    Matcher blocks = BLOCK.matcher(template);
    int[] at = {0};
    this.parts = parse(blocks, at, false);
  }

  /// Throws a [Failure] for one that cannot be read.
  static JsonPath of(String template) {
    return new JsonPath(template.contains("{") ? template : "{" + template + "}");
  }

  String print(JsonNode root) {
    StringBuilder out = new StringBuilder();
    print(parts, root, out);
    return out.toString();
  }

  private List<Part> parse(Matcher blocks, int[] at, boolean inRange) {
    List<Part> all = new ArrayList<>();
    while (blocks.find(at[0])) {
      all.add(new Part.Text(literal(template.substring(at[0], blocks.start()))));
      at[0] = blocks.end();
      String in = blocks.group("in").strip();
      if (in.equals("end")) {
        if (!inRange) {
          throw wrong("there is an end without a range");
        }
        return all;
      } else if (in.startsWith("range ")) {
        all.add(new Part.Range(steps(in.substring(6).strip()), parse(blocks, at, true)));
      } else if (in.startsWith("\"") || in.startsWith("'")) {
        all.add(new Part.Text(unescaped(in.substring(1, in.length() - 1))));
      } else {
        all.add(new Part.Print(steps(in)));
      }
    }
    if (inRange) {
      throw wrong("a range lacks its {end}");
    }
    all.add(new Part.Text(literal(template.substring(at[0]))));
    return all;
  }

  private String literal(String text) {
    if (text.contains("{") || text.contains("}")) {
      throw wrong("a brace is not closed");
    }
    return text;
  }

  private static String unescaped(String text) {
    return text.replace("\\n", "\n")
        .replace("\\t", "\t")
        .replace("\\\"", "\"")
        .replace("\\\\", "\\");
  }

  /// Each a match of `STEP`.
  private List<Matcher> steps(String path) {
    String rest = path.startsWith("$") || path.startsWith("@") ? path.substring(1) : path;
    rest = rest.isEmpty() || rest.startsWith(".") || rest.startsWith("[") ? rest : "." + rest;
    List<Matcher> all = new ArrayList<>();
    int at = 0;
    while (at < rest.length() && !rest.substring(at).equals(".")) {
      Matcher step = STEP.matcher(rest).region(at, rest.length());
      if (!step.lookingAt()) {
        throw wrong("\"" + rest.substring(at) + "\" is no step of a path");
      }
      all.add(step);
      at = step.end();
    }
    return all;
  }

  private Failure wrong(String why) {
    return Failure.of(
        "the jsonpath " + template + " cannot be read: " + why,
        "for example -o jsonpath='{range .items[*]}{.metadata.name}{\"\\n\"}{end}'");
  }

  private void print(List<Part> some, JsonNode here, StringBuilder out) {
    for (Part part : some) {
      switch (part) {
        case Part.Text text -> out.append(text.text());
        case Part.Print path ->
            out.append(
                String.join(" ", find(path.steps(), here).stream().map(JsonPath::text).toList()));
        case Part.Range range ->
            find(range.steps(), here).forEach(each -> print(range.body(), each, out));
      }
    }
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asString() : Json.string(value);
  }

  private List<JsonNode> find(List<Matcher> steps, JsonNode from) {
    List<JsonNode> found = List.of(from);
    for (Matcher step : steps) {
      List<JsonNode> next = new ArrayList<>();
      found.forEach(node -> follow(step, node, next));
      found = next.stream().filter(node -> !node.isMissingNode()).toList();
    }
    return found;
  }

  private void follow(Matcher step, JsonNode node, List<JsonNode> next) {
    String name = Optional.ofNullable(step.group("key")).orElse(step.group("name"));
    if (step.group("deep") != null) {
      deep(step.group("deep"), node, next);
    } else if (name != null) {
      if (name.equals("*")) {
        next.addAll(node.valueStream().toList());
      } else {
        next.add(node.path(name.replace("\\", "")));
      }
    } else if (step.group("index") != null) {
      index(step.group("index"), node, next);
    } else if (step.group("filter") != null) {
      node.valueStream().filter(each -> holds(each, step.group("filter"))).forEach(next::add);
    } else {
      int from = bound(step.group("from"), 0, node.size());
      int to = bound(step.group("to"), node.size(), node.size());
      for (int i = from; i < to; i++) {
        next.add(node.path(i));
      }
    }
  }

  private static void deep(String name, JsonNode node, List<JsonNode> next) {
    if (name.equals("*")) {
      next.addAll(node.valueStream().toList());
    } else {
      next.add(node.path(name));
    }
    node.valueStream().filter(JsonNode::isContainer).forEach(each -> deep(name, each, next));
  }

  private static void index(String index, JsonNode node, List<JsonNode> next) {
    if (index.equals("*")) {
      next.addAll(node.valueStream().toList());
    } else {
      int i = Integer.parseInt(index);
      next.add(node.path(i < 0 ? node.size() + i : i));
    }
  }

  private static int bound(String text, int otherwise, int size) {
    int i = text.isEmpty() ? otherwise : Integer.parseInt(text);
    return Math.clamp(i < 0 ? size + i : i, 0, size);
  }

  private boolean holds(JsonNode node, String filter) {
    Matcher parts = FILTER.matcher(filter.strip());
    if (!parts.matches()) {
      throw wrong("the filter " + filter + " is none");
    }
    List<JsonNode> left = find(steps(parts.group("path")), node);
    String op = parts.group("op");
    if (op == null || left.isEmpty()) {
      return op == null && !left.isEmpty();
    }
    int order = compare(text(left.getFirst()), plain(parts.group("value").strip()));
    return switch (op) {
      case "==" -> order == 0;
      case "!=" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      default -> order >= 0;
    };
  }

  private static String plain(String value) {
    boolean quoted = value.length() > 1 && (value.startsWith("\"") || value.startsWith("'"));
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /// Numbers as such, all else as text.
  private static int compare(String a, String b) {
    boolean numbers = a.matches("-?[0-9]{1,15}") && b.matches("-?[0-9]{1,15}");
    return numbers ? Long.compare(Long.parseLong(a), Long.parseLong(b)) : a.compareTo(b);
  }
}
