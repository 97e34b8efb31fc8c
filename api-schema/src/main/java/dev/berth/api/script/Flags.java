package dev.berth.api.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The `--name=value` words at the start of an instruction's arguments.
final class Flags {
  /// @param word the whole flag as written
  record Flag(String name, Optional<String> value, Word word) {
    int valueOffset() {
      return word.offset() + "--=".length() + name.length();
    }
  }

  interface Complaints {
    void add(int offset, String message);
  }

  private final String instruction;
  private final Complaints complaints;
  private final Map<String, List<Flag>> byName = new LinkedHashMap<>();
  private int end;

  private Flags(String instruction, Complaints complaints) {
    this.instruction = instruction;
    this.complaints = complaints;
  }

  /// Takes the flags off the front of `words`.
  ///
  /// @param known their names
  /// @param refused names that exist elsewhere, with the reason why not here
  static Flags take(
      String instruction,
      List<Word> words,
      Set<String> known,
      Map<String, String> refused,
      Complaints complaints) {
    Flags flags = new Flags(instruction, complaints);
    while (!words.isEmpty() && words.getFirst().text().startsWith("--")) {
      Word word = words.removeFirst();
      flags.end = word.offset() + word.text().length();
      String body = word.text().substring(2);
      int equals = body.indexOf('=');
      String name = equals < 0 ? body : body.substring(0, equals);
      flags.add(
          new Flag(
              name, equals < 0 ? Optional.empty() : Optional.of(body.substring(equals + 1)), word),
          known,
          refused);
    }
    return flags;
  }

  private void add(Flag flag, Set<String> known, Map<String, String> refused) {
    String name = Texts.cut(flag.name());
    if (known.contains(flag.name())) {
      byName.computeIfAbsent(flag.name(), _ -> new ArrayList<>()).add(flag);
    } else if (refused.containsKey(flag.name())) {
      complaints.add(
          flag.word().offset(),
          instruction + " --" + name + " is not supported: " + refused.get(flag.name()));
    } else {
      complaints.add(
          flag.word().offset(), "unknown flag --" + name + Texts.nearest(flag.name(), known, "--"));
    }
  }

  /// Where the last flag ends; 0 without flags.
  int end() {
    return end;
  }

  List<Flag> all(String name) {
    return byName.getOrDefault(name, List.of());
  }

  Optional<Flag> one(String name) {
    List<Flag> found = all(name);
    if (found.size() > 1) {
      complaints.add(found.getLast().word().offset(), "--" + name + " stands here twice");
    }
    return found.stream().findFirst();
  }

  Optional<String> value(String name) {
    return one(name)
        .flatMap(
            flag -> {
              if (flag.value().filter(v -> !v.isEmpty()).isEmpty()) {
                complaints.add(
                    flag.word().offset(), "--" + name + " needs a value: --" + name + "=...");
              }
              return flag.value();
            });
  }

  /// `--name`, `--name=true` or `--name=false`.
  boolean isOn(String name) {
    Optional<Flag> flag = one(name);
    String value = flag.map(f -> f.value().orElse("true")).orElse("false");
    if (!value.equals("true") && !value.equals("false")) {
      flag.ifPresent(
          f ->
              complaints.add(
                  f.valueOffset(), "--" + name + " is true or false, not " + Texts.cut(value)));
    }
    return value.equals("true");
  }
}
