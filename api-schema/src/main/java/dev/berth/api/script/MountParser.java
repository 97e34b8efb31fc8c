package dev.berth.api.script;

import dev.berth.api.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// One `--mount=type=...,key=value,...` of a RUN.
final class MountParser {
  private static final Map<String, String> ALIASES =
      Map.of(
          "dst", "target",
          "destination", "target",
          "src", "source",
          "ro", "readonly",
          "rw", "readwrite");
  private static final Map<String, Set<String>> OPTIONS =
      Map.of(
          "cache",
          Set.of(
              "type",
              "id",
              "target",
              "readonly",
              "readwrite",
              "sharing",
              "from",
              "source",
              "mode",
              "uid",
              "gid"),
          "bind",
          Set.of("type", "target", "source", "from", "readwrite", "readonly"),
          "tmpfs",
          Set.of("type", "target", "size"),
          "secret",
          Set.of("type", "id", "target", "env", "required", "mode", "uid", "gid", "source"));

  private record Option(String value, int offset, int valueOffset) {}

  private final Flags.Flag flag;
  private final Flags.Complaints complaints;
  private final Map<String, Option> options = new LinkedHashMap<>();

  private MountParser(Flags.Flag flag, Flags.Complaints complaints) {
    this.flag = flag;
    this.complaints = complaints;
  }

  static Optional<Mount> parse(Flags.Flag flag, Flags.Complaints complaints) {
    return new MountParser(flag, complaints).mount();
  }

  private Optional<Mount> mount() {
    if (flag.value().isEmpty()) {
      complaints.add(flag.word().offset(), "--mount needs options: --mount=type=cache,target=DIR");
      return Optional.empty();
    }
    read();
    String type = text("type").orElse("bind");
    Set<String> known = OPTIONS.get(type);
    if (known == null) {
      complaints.add(offset("type"), unknownType(type));
      return Optional.empty();
    }
    options.forEach((name, option) -> check(type, name, option, known));
    return Optional.of(
        switch (type) {
          case "cache" -> cache();
          case "tmpfs" -> new Mount.Tmpfs(target(), size());
          case "secret" -> secret();
          default ->
              new Mount.Bind(target(), text("source").orElse("/"), text("from"), isOn("readwrite"));
        });
  }

  private static String unknownType(String type) {
    return type.equals("ssh")
        ? "mounts of type ssh are not supported: there is no SSH agent where builds run"
        : "unknown mount type "
            + Texts.cut(type)
            + Texts.nearest(type, OPTIONS.keySet(), "")
            + (Texts.nearest(type, OPTIONS.keySet(), "").isEmpty()
                ? "; there are bind, cache, secret and tmpfs"
                : "");
  }

  /// Commas separate, quotes around an option keep them, as in CSV.
  private void read() {
    String text = flag.value().orElse("");
    int base = flag.valueOffset();
    for (Word part : parts(text)) {
      int equals = part.text().indexOf('=');
      String key = (equals < 0 ? part.text() : part.text().substring(0, equals)).strip();
      String low = key.toLowerCase(Locale.ROOT);
      String name = ALIASES.getOrDefault(low, low);
      String value = equals < 0 ? "true" : part.text().substring(equals + 1);
      int offset = base + part.offset();
      if (key.isEmpty()) {
        complaints.add(offset, "here an option is missing: key=value");
      } else if (options.putIfAbsent(name, new Option(value, offset, offset + equals + 1))
          != null) {
        complaints.add(offset, "the option " + Texts.cut(key) + " stands here twice");
      }
    }
  }

  private static List<Word> parts(String text) {
    List<Word> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ',';
      if (i == text.length() || (c == ',' && !quoted)) {
        parts.add(new Word(part.toString(), start));
        part.setLength(0);
        start = i + 1;
      } else if (c == '"') {
        quoted = !quoted;
      } else {
        part.append(c);
      }
    }
    return parts;
  }

  private void check(String type, String name, Option option, Set<String> known) {
    if (!known.contains(name)) {
      complaints.add(
          option.offset(),
          "unknown option "
              + Texts.cut(name)
              + " of a "
              + type
              + " mount"
              + Texts.nearest(name, known, ""));
    } else if (option.value().isEmpty() && !name.equals("source")) {
      complaints.add(option.offset(), "the option " + name + " needs a value");
    }
  }

  private int offset(String name) {
    Option option = options.get(name);
    return option == null ? flag.word().offset() : option.valueOffset();
  }

  private Optional<String> text(String name) {
    return Optional.ofNullable(options.get(name)).map(Option::value).filter(v -> !v.isEmpty());
  }

  private String target() {
    return text("target")
        .orElseGet(
            () -> {
              complaints.add(flag.word().offset(), "this mount needs a target: target=DIR");
              return "/";
            });
  }

  private boolean isOn(String name) {
    String value = text(name).orElse("false");
    if (!Set.of("true", "false", "1", "0").contains(value)) {
      complaints.add(offset(name), name + " is true or false, not " + Texts.cut(value));
    }
    return value.equals("true") || value.equals("1");
  }

  private OptionalInt number(String name, int radix, int most) {
    Optional<String> value = text(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      int number = Integer.parseInt(value.get(), radix);
      if (number >= 0 && number <= most) {
        return OptionalInt.of(number);
      }
    } catch (NumberFormatException e) {
      // said below, like a number out of range
    }
    complaints.add(
        offset(name),
        name
            + " is "
            + (radix == 8 ? "an octal mode" : "a number")
            + ", not "
            + Texts.cut(value.get()));
    return OptionalInt.empty();
  }

  private int id(String name) {
    return number(name, 10, Integer.MAX_VALUE).orElse(0);
  }

  private OptionalInt mode() {
    return number("mode", 8, 07777);
  }

  private Mount cache() {
    String target = target();
    return new Mount.Cache(
        target,
        text("id").orElse(target),
        sharing(),
        isOn("readonly"),
        text("from"),
        text("source").orElse("/"),
        mode().orElse(0755),
        id("uid"),
        id("gid"));
  }

  private Mount.Sharing sharing() {
    String wanted = text("sharing").orElse("shared");
    for (Mount.Sharing sharing : Mount.Sharing.values()) {
      if (sharing.name().toLowerCase(Locale.ROOT).equals(wanted)) {
        return sharing;
      }
    }
    complaints.add(
        offset("sharing"), "sharing is shared, private or locked, not " + Texts.cut(wanted));
    return Mount.Sharing.SHARED;
  }

  private OptionalLong size() {
    Optional<String> wanted = text("size");
    if (wanted.isEmpty()) {
      return OptionalLong.empty();
    }
    String text = wanted.get().toLowerCase(Locale.ROOT);
    String unit = text.replaceAll("^[0-9]+|b$", "");
    Optional<Quantity> bytes =
        unit.matches("[kmgt]?i?")
            ? Quantity.tryParse(
                text.replaceAll("[a-z]+$", "")
                    + (unit.isEmpty() ? "" : unit.substring(0, 1).toUpperCase(Locale.ROOT) + "i"))
            : Optional.empty();
    if (bytes.isEmpty()) {
      complaints.add(
          offset("size"), "size is a number of bytes such as 64m, not " + Texts.cut(text));
      return OptionalLong.empty();
    }
    return OptionalLong.of(bytes.get().value());
  }

  private Mount secret() {
    Optional<String> env = text("env");
    Optional<String> target = text("target");
    Optional<String> id =
        text("id").or(() -> text("source")).or(() -> target.map(MountParser::last));
    if (id.isEmpty()) {
      complaints.add(flag.word().offset(), "this mount needs the id of a secret: id=NAME");
    }
    String name = id.orElse("");
    return new Mount.Secret(
        name,
        target.orElse(env.isPresent() ? "" : "/run/secrets/" + name),
        env,
        isOn("required"),
        mode(),
        id("uid"),
        id("gid"));
  }

  private static String last(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
