package dev.berth.cli.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.api.Json;
import dev.berth.cli.term.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// The document and the examples of kubernetes.io's page "JSONPath Support", and what people write.
class JsonPathTest {
  private static final ObjectNode LIST =
      Json.parseObject(
          """
          {"kind": "List", "items": [
            {"kind": "None", "metadata": {"name": "127.0.0.1", "labels": {"kubernetes.io/hostname": "a"}},
             "status": {"capacity": {"cpu": "4"}, "addresses": [{"type": "LegacyHostIP", "address": "127.0.0.1"}]}},
            {"kind": "None", "metadata": {"name": "127.0.0.2"},
             "status": {"capacity": {"cpu": "8"}, "ready": true, "addresses": [
               {"type": "LegacyHostIP", "address": "127.0.0.2"}, {"type": "another", "address": "127.0.0.3"}]}}],
           "users": [{"name": "myself", "user": {}},
                     {"name": "e2e", "user": {"username": "admin", "password": "secret"}}]}
          """);

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "kind is {.kind}#kind is List",
        "{['kind']}#List",
        ".kind#List",
        "{$.kind} {@.kind}#List List",
        "{..name}#127.0.0.1 127.0.0.2 myself e2e",
        "{.items[*].metadata.name}#127.0.0.1 127.0.0.2",
        "{.users[0].name}#myself",
        "{.users[-1:].name}#e2e",
        "{.users[0:1].name}#myself",
        "{.users[?(@.name==\"e2e\")].user.password}#secret",
        "{.items[?(@.status.ready)].metadata.name}#127.0.0.2",
        "{.items[?(@.status.capacity.cpu>4)].metadata.name}#127.0.0.2",
        "{.items[*].status.addresses[?(@.type!='another')].address}#127.0.0.1 127.0.0.2",
        "{range .items[*]}[{.metadata.name}, {.status.capacity}] {end}#`[127.0.0.1, {\"cpu\":\"4\"}] [127.0.0.2, {\"cpu\":\"8\"}] `",
        "{.items[0].metadata.labels.kubernetes\\.io/hostname}#a",
        "{.items[0].metadata.labels['kubernetes.io/hostname']}#a",
        "{range .users[*]}{.name}{\" \\\"}\\\" \"}{end}#`myself \"}\" e2e \"}\" `",
        "{.nothing.here}#``",
        "{.items[7].kind}#``",
      })
  void theExamplesOfThePage(String template, String printed) {
    assertEquals(printed, JsonPath.of(template).print(LIST));
  }

  @Test
  void linesAndTabsAreWrittenInQuotes() {
    assertEquals(
        "myself\tx\ne2e\tx\n",
        JsonPath.of("{range .users[*]}{.name}{\"\\t\"}x{'\\n'}{end}").print(LIST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{.a",
        "{.a}}",
        "{range .a}x",
        "{end}",
        "{.a[}",
        "{.a[0,1]}",
        "{.a['x','y']}",
        "{.a[0:9:2]}",
        "{.a[(@.length-1)]}",
        "{.a[99999999999]}",
        "{.a[-]}",
        "{.a[-:]}",
        "{.a[:-]}",
        "{.a[0:99999999999]}",
        "{.a b}"
      })
  void whatCannotBeReadIsRefusedWithAnExample(String template) {
    Failure failure = assertThrows(Failure.class, () -> JsonPath.of(template));
    assertEquals(1, failure.next().size());
  }
}
