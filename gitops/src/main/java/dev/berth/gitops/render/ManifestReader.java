package dev.berth.gitops.render;

import dev.berth.api.Json;
import dev.berth.api.codec.Manifest;
import dev.berth.api.codec.ManifestException;
import dev.berth.api.codec.Manifests;
import dev.berth.api.codec.Problem;
import dev.berth.api.codec.StrictDecoder;
import dev.berth.gitops.source.CommitFiles;
import dev.berth.gitops.source.CommitFiles.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Reads manifest files of one commit, puts variables in, and gathers what is wrong with them.
final class ManifestReader {
  private static final String OWN = "berth.dev/";

  /// In a manifest, a patch of one, or an operation on one.
  private static final Pattern IS_DATA =
      Pattern.compile("(^|\\.)(data|stringData)\\.|^operations(\\.\\d+|\\[\\d+\\])\\.value");

  private static final Pattern TOKEN = Pattern.compile("Unrecognized token '[^']*'");

  private final CommitFiles files;
  private final Substitution substitution;
  private final List<String> problems = new ArrayList<>();
  private final Budget budget = new Budget();

  ManifestReader(CommitFiles files, Substitution substitution) {
    this.files = files;
    this.substitution = substitution;
  }

  CommitFiles files() {
    return files;
  }

  List<String> problems() {
    return problems;
  }

  Budget budget() {
    return budget;
  }

  void problem(String text) {
    problems.add(text);
  }

  /// The documents of one file; empty, with a problem noted, where it is broken.
  List<Manifest> documents(Entry entry) throws IOException {
    try {
      List<Manifest> documents = Manifests.parse(entry.path(), text(entry));
      for (Manifest document : documents) {
        budget.values(Budget.valuesOf(document.tree()));
      }
      return documents;
    } catch (ManifestException e) {
      problems(e).forEach(problems::add);
      return List.of();
    }
  }

  /// What is wrong with a text, without anything that may be a value of a Secret: what YAML takes
  /// for an alias, a tag or a number may be a password without quotes.
  static List<String> problems(ManifestException e) {
    return e.problems().stream().map(ManifestReader::discreet).map(Problem::toString).toList();
  }

  private static Problem discreet(Problem found) {
    boolean value =
        IS_DATA.matcher(found.path()).find() && !found.message().startsWith("duplicate field");
    return new Problem(
        found.file(),
        found.line(),
        found.column(),
        found.path(),
        value
            ? "a value that is not shown cannot be read: put it in quotes"
            : TOKEN.matcher(found.message()).replaceAll("Unrecognized token"));
  }

  byte[] text(Entry entry) throws IOException {
    byte[] raw = raw(entry);
    byte[] text =
        substitution
            .apply(entry.path(), new String(raw, StandardCharsets.UTF_8), problems)
            .getBytes(StandardCharsets.UTF_8);
    budget.bytes(text.length - raw.length);
    return text;
  }

  /// The file as it is.
  byte[] raw(Entry entry) throws IOException {
    byte[] raw = files.read(entry, Manifests.MAX_BYTES);
    budget.read(raw.length);
    return raw;
  }

  /// The objects of one file.
  ///
  /// @param strict whether a document that is no object of the API is a problem, or passed over
  List<Item> items(Entry entry, boolean strict) throws IOException {
    return items(documents(entry), strict);
  }

  /// The objects of one file; those of our own kinds are held against their schema, so that a wrong
  /// field is told with its line.
  List<Item> checkedItems(Entry entry, boolean strict) throws IOException {
    int before = problems.size();
    List<Manifest> documents = documents(entry);
    if (problems.size() == before) {
      for (Manifest document : documents) {
        if (Json.text(document.tree(), "apiVersion").startsWith(OWN)) {
          StrictDecoder.check(document).stream().map(Problem::toString).forEach(problems::add);
        }
      }
    }
    List<Item> items = items(documents, strict);
    if (!strict && items.isEmpty()) {
      problems.subList(before, problems.size()).clear();
    }
    return items;
  }

  private List<Item> items(List<Manifest> documents, boolean strict) throws IOException {
    List<Item> items = new ArrayList<>();
    for (Manifest document : documents) {
      add(document.tree(), place(document), strict, items);
    }
    return items;
  }

  /// Where a document begins.
  private static String place(Manifest document) {
    var position = document.positions().of("apiVersion");
    return document.positions().file() + ":" + position.line();
  }

  private void add(ObjectNode object, String place, boolean strict, List<Item> items)
      throws IOException {
    if (object.isEmpty()) {
      return;
    }
    Optional<String> wrong = wrong(object);
    if (wrong.isEmpty()) {
      budget.object();
      items.add(new Item(object, place));
    } else if (strict) {
      problems.add(place + ": " + wrong.get());
    }
  }

  private static Optional<String> wrong(ObjectNode object) {
    if (Json.text(object, "apiVersion").isEmpty() || Json.text(object, "kind").isEmpty()) {
      return Optional.of("no manifest: apiVersion or kind is missing; if it is none, exclude it");
    }
    if (Json.name(object).isEmpty()) {
      return Optional.of(Json.text(object, "kind") + " without metadata.name");
    }
    return Optional.empty();
  }
}
