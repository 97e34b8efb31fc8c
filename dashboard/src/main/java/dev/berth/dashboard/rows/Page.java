package dev.berth.dashboard.rows;

import dev.berth.api.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What of a list somebody wants to see.
///
/// @param namespace empty for all
/// @param words lower case; all must occur
/// @param number from 1; one behind the last is the last
public record Page(String namespace, List<String> words, boolean problemsOnly, int number) {
  public static final int SIZE = 200;
  private static final int MOST_WORDS = 16;

  public Page {
    words = List.copyOf(words);
  }

  /// Reads the parameters of a request; a number that is none is the first page.
  public static Page of(
      Optional<String> namespace,
      Optional<String> query,
      Optional<String> only,
      Optional<String> number) {
    return new Page(
        namespace.orElse(""),
        Arrays.stream(query.orElse("").toLowerCase(Locale.ROOT).split("\\s+"))
            .filter(word -> !word.isEmpty())
            .limit(MOST_WORDS)
            .toList(),
        only.filter("problems"::equals).isPresent(),
        number.filter(text -> text.matches("[0-9]{1,6}")).map(Integer::parseInt).orElse(1));
  }

  /// The page as JSON, of rows in their order.
  public ObjectNode of(List<Row> rows) {
    List<Row> here =
        rows.stream()
            .filter(row -> namespace.isEmpty() || row.namespace().equals(namespace))
            .toList();
    List<Row> matching =
        here.stream()
            .filter(row -> !problemsOnly || row.health().isProblem())
            .filter(row -> row.has(words))
            .toList();
    int pages = Math.max(1, (matching.size() + SIZE - 1) / SIZE);
    int page = Math.clamp(number, 1, pages);
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("rows");
    matching.stream().skip((page - 1L) * SIZE).limit(SIZE).forEach(row -> list.add(row.json()));
    return answer
        .put("total", matching.size())
        .put("page", page)
        .put("pages", pages)
        .put("problems", here.stream().filter(row -> row.health().isProblem()).count());
  }
}
