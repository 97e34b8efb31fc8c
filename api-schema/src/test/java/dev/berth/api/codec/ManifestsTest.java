package dev.berth.api.codec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.codec.Positions.Position;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ManifestsTest {

  static Manifest one(String text) {
    return Manifests.parse("a.yaml", text.getBytes(UTF_8)).getFirst();
  }

  private static List<Manifest> all(String text) {
    return Manifests.parse("a.yaml", text.getBytes(UTF_8));
  }

  private static String problems(String text) {
    return String.valueOf(assertThrows(ManifestException.class, () -> all(text)).getMessage());
  }

  @Test
  void everyKeyKnowsItsPlace() {
    Positions places = one("a: 1\nspec:\n  list:\n    - name: x\n    - {name: y}\n").positions();
    assertEquals(new Position(1, 1), places.of("a"));
    assertEquals(new Position(3, 3), places.of("spec.list"));
    assertEquals(new Position(4, 7), places.of("spec.list[0].name"));
    assertEquals(new Position(5, 8), places.of("spec.list[1].name"));
    assertEquals(new Position(5, 7), places.of("spec.list[1].absent"), "the nearest thing around");
  }

  @Test
  void keysWithDotsAreFoundInBothSpellings() {
    Positions places = one("metadata:\n  labels:\n    a.b/c: x\n").positions();
    assertEquals(new Position(3, 5), places.of("metadata.labels[a.b/c]"));
    assertEquals(new Position(3, 5), places.of("metadata.labels.a.b/c"));
  }

  @Test
  void documentsAreSeparatedAndEmptyOnesAreSkipped() {
    assertEquals(2, all("---\na: 1\n---\n# nothing\n---\nb: 2\n...\n").size());
  }

  @Test
  void secondDocumentHasItsOwnPlaces() {
    assertEquals(new Position(3, 1), all("a: 1\n---\na: 2\n").get(1).positions().of("a"));
  }

  @Test
  void listOfObjectsIsItsObjects() {
    List<Manifest> items =
        all("kind: List\napiVersion: v1\nitems:\n- kind: A\n- kind: B\n  spec:\n    x: 1\n");
    assertEquals("B", Json.text(items.get(1).tree(), "kind"));
    assertEquals(new Position(7, 5), items.get(1).positions().of("spec.x"));
  }

  @Test
  void everyDuplicateIsReported() {
    assertEquals(
        """
        a.yaml:2:1 a: duplicate field, first written in line 1
        a.yaml:4:4 b.c: duplicate field, first written in line 3""",
        problems("a: 1\na: 2\nb: {c: 1,\n   c: 2}\n"));
  }

  @Test
  void syntaxErrorsHaveAPlace() {
    assertTrue(problems("a: 1\nb: [1, 2\nc: 3\n").startsWith("a.yaml:3:"));
    assertTrue(problems("a:\n\t- 1\n").startsWith("a.yaml:2:1 not YAML"));
  }

  @Test
  void jsonIsAcceptedWithPlaces() {
    Manifest json = one("{\n\t\"spec\": {\n\t\t\"x\": [1, {\"y\": 1.50}]}}");
    assertEquals("{\"spec\":{\"x\":[1,{\"y\":1.5}]}}", Json.string(json.tree()));
    assertEquals(3, json.positions().of("spec.x[1].y").line());
  }

  @Test
  void jsonObjectsMayFollowEachOther() {
    assertEquals(2, all("{\"a\":1}\n{\"a\":2}").size());
  }

  @Test
  void yamlInBracesIsYaml() {
    assertEquals("{\"a\":\"b\"}", Json.string(one("{a: b}").tree()));
  }

  @Test
  void jsonDuplicatesAreReported() {
    assertTrue(problems("{\"a\":1,\n\"a\":2}").startsWith("a.yaml:2:1 a: duplicate field"));
  }

  @Test
  void aliasesAreCopies() {
    assertEquals(
        "{\"a\":{\"x\":1},\"b\":{\"x\":1},\"c\":{\"z\":2,\"x\":1}}",
        Json.string(one("a: &a {x: 1}\nb: *a\nc:\n  <<: *a\n  z: 2\n").tree()));
  }

  @Test
  void aliasInsideItsOwnAnchorIsRefused() {
    assertTrue(problems("a: &a [*a]\n").contains("has no anchor before it"));
  }

  @Test
  void billionLaughsCostNothing() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 30; i++) {
      String alias = "*a" + (i - 1);
      bomb.append(
          "a"
              + i
              + ": &a"
              + i
              + " ["
              + String.join(",", List.of(alias, alias, alias, alias, alias, alias, alias, alias))
              + "]\n");
    }
    String message =
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> problems(bomb.toString()));
    assertTrue(message.contains("aliases counted as what they stand for"), message);
  }

  @Test
  void chainsOfAliasesDoNotHideDepth() {
    StringBuilder chain = new StringBuilder("a0: &a0 [x]\n");
    for (int i = 1; i < 200; i++) {
      chain.append("a" + i + ": &a" + i + " [*a" + (i - 1) + "]\n");
    }
    assertTrue(problems(chain.toString()).contains("nested deeper than 100 levels"));
  }

  @Test
  void depthIsLimited() {
    for (String deep :
        List.of(
            "[".repeat(150) + "]".repeat(150), "a: " + "[".repeat(5000), "{\"a\":".repeat(5000))) {
      String message = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> problems(deep));
      assertTrue(message.length() < 600, message);
    }
  }

  @Test
  void sizeIsLimited() {
    String huge = "a: " + "x".repeat(10 << 20);
    assertEquals("a.yaml:1:1 larger than 4 MiB", problems(huge));
  }

  @Test
  void manySmallValuesAreLimited() {
    String many = "a: [" + "1,".repeat(900_000) + "1]";
    String message = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> problems(many));
    assertTrue(message.contains("more than 300000 values"), message);
  }

  @Test
  void numbersBeyondDoublesStayTextInYamlAndAreRefusedInJson() {
    assertEquals("{\"a\":\"1e999999\"}", Json.string(one("a: 1e999999\n").tree()));
    assertTrue(problems("{\"a\":1e999}").contains("too large"));
    assertTrue(problems("a: .nan\n").contains("not a number that JSON has"));
    assertTrue(problems("a: -.inf\n").contains("not a number that JSON has"));
  }

  @Test
  void bytesThatAreNoTextAreRefused() {
    byte[] bytes = {'a', ':', ' ', (byte) 0xff, (byte) 0xfe};
    assertThrows(ManifestException.class, () -> Manifests.parse("a.yaml", bytes));
  }

  @Test
  void foreignTagsAreRefused() {
    assertTrue(problems("a: !!java.net.URL [x]\n").contains("cannot be used here"));
    assertTrue(problems("a: !!binary aGk=\n").contains("cannot be used here"));
  }

  @Test
  void documentThatIsNoObjectIsRefused() {
    assertEquals("a.yaml:1:1 expected an object with apiVersion and kind", problems("- a\n- b\n"));
    assertTrue(all("").isEmpty());
  }
}
