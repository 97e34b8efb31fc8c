package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class PatchesTest {

  private static JsonNode json(String text) {
    return Json.parse(text.replace('\'', '"'));
  }

  /// The table of RFC 7396, appendix A.
  static Stream<String[]> mergeTable() {
    return """
        {'a':'b'} | {'a':'c'} | {'a':'c'}
        {'a':'b'} | {'b':'c'} | {'a':'b','b':'c'}
        {'a':'b'} | {'a':null} | {}
        {'a':'b','b':'c'} | {'a':null} | {'b':'c'}
        {'a':['b']} | {'a':'c'} | {'a':'c'}
        {'a':'c'} | {'a':['b']} | {'a':['b']}
        {'a':{'b':'c'}} | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}
        {'a':[{'b':'c'}]} | {'a':[1]} | {'a':[1]}
        ['a','b'] | ['c','d'] | ['c','d']
        {'a':'b'} | ['c'] | ['c']
        {'a':'foo'} | null | null
        {'e':null} | {'a':1} | {'e':null,'a':1}
        [1,2] | {'a':'b','c':null} | {'a':'b'}
        {} | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}
        """
        .lines()
        .map(line -> line.split(" \\| "));
  }

  @ParameterizedTest
  @MethodSource("mergeTable")
  void mergePatchFollowsTheRfc(String base, String patch, String expected) {
    assertEquals(json(expected), MergePatch.apply(json(base), json(patch)));
  }

  /// base | patch | result, or an error after `!`.
  static Stream<String[]> jsonPatchTable() {
    return """
        {'a':1} | [{'op':'add','path':'/b','value':2}] | {'a':1,'b':2}
        {'a':[1,3]} | [{'op':'add','path':'/a/1','value':2}] | {'a':[1,2,3]}
        {'a':[1]} | [{'op':'add','path':'/a/-','value':2}] | {'a':[1,2]}
        {'a':[1]} | [{'op':'add','path':'/a/2','value':2}] | !outside
        {'a':[1]} | [{'op':'add','path':'/a/01','value':2}] | !not an index
        {'a':[1]} | [{'op':'add','path':'/a/-1','value':2}] | !not an index
        {'a':1} | [{'op':'add','path':'/x/y','value':2}] | !nothing at
        {'a':1} | [{'op':'remove','path':'/a'}] | {}
        {'a':1} | [{'op':'remove','path':'/b'}] | !nothing at
        {'a':[1,2]} | [{'op':'remove','path':'/a/0'}] | {'a':[2]}
        {'a':1} | [{'op':'replace','path':'/a','value':null}] | {'a':null}
        {'a':1} | [{'op':'replace','path':'/b','value':1}] | !nothing at
        {'a':1} | [{'op':'replace','path':'','value':{'b':1}}] | {'b':1}
        {'a':{'b':1},'c':{}} | [{'op':'move','from':'/a/b','path':'/c/d'}] | {'a':{},'c':{'d':1}}
        {'a':{'b':1}} | [{'op':'move','from':'/a','path':'/a/b'}] | !into itself
        {'a':{'b':1}} | [{'op':'copy','from':'/a','path':'/c'}] | {'a':{'b':1},'c':{'b':1}}
        {'a':1} | [{'op':'test','path':'/a','value':1.0}] | {'a':1}
        {'a':'1'} | [{'op':'test','path':'/a','value':1}] | !test failed
        {'a':{'b':1,'c':[2]}} | [{'op':'test','path':'/a','value':{'c':[2],'b':1}}] | {'a':{'b':1,'c':[2]}}
        {'a/b':1,'c~d':2} | [{'op':'remove','path':'/a~1b'},{'op':'remove','path':'/c~0d'}] | {}
        {'':1} | [{'op':'replace','path':'/','value':2}] | {'':2}
        {'a':1} | [{'op':'jump','path':'/a'}] | !unknown operation
        {'a':1} | [{'op':'add','path':'/b'}] | !without a value
        {'a':1} | [{'op':'add','path':'b','value':1}] | !JSON pointer
        {'a':1} | {'op':'add'} | !list of operations
        {'a':1} | [1] | !JSON pointer
        """
        .lines()
        .map(line -> line.split(" \\| "));
  }

  @ParameterizedTest
  @MethodSource("jsonPatchTable")
  void jsonPatchFollowsTheRfc(String base, String patch, String expected) {
    JsonNode before = json(base);
    if (expected.startsWith("!")) {
      PatchException e =
          assertThrows(PatchException.class, () -> JsonPatch.apply(before, json(patch)));
      assertTrue(String.valueOf(e.getMessage()).contains(expected.substring(1)), e.getMessage());
    } else {
      assertEquals(json(expected), JsonPatch.apply(before, json(patch)));
    }
    assertEquals(json(base), before, "the base must not change");
  }

  @Test
  void failedTestIsUnprocessableAndNonsenseIsMalformed() {
    JsonNode test = json("[{'op':'test','path':'/a','value':2}]");
    assertTrue(
        assertThrows(PatchException.class, () -> JsonPatch.apply(json("{'a':1}"), test))
            .isUnprocessable());
    JsonNode nonsense = json("[{'op':'x','path':'/a'}]");
    assertFalse(
        assertThrows(PatchException.class, () -> JsonPatch.apply(json("{'a':1}"), nonsense))
            .isUnprocessable());
  }

  @Test
  void copiesCannotGrowWithoutBound() {
    ArrayNode patch = Json.array();
    for (int i = 0; i < 60; i++) {
      patch.addObject().put("op", "copy").put("from", "/a").put("path", "/a/k" + i);
    }
    JsonNode base = json("{'a':{'x':'" + "y".repeat(1000) + "'}}");
    assertThrows(PatchException.class, () -> JsonPatch.apply(base, patch));
  }

  @Test
  void tooManyOperationsAreRefused() {
    ArrayNode patch = Json.array();
    for (int i = 0; i <= JsonPatch.MAX_OPERATIONS; i++) {
      patch.addObject().put("op", "test").put("path", "").putObject("value");
    }
    assertThrows(PatchException.class, () -> JsonPatch.apply(Json.object(), patch));
  }

  @Test
  void differenceAppliedGivesTheOther() {
    for (long seed = 1; seed <= 500; seed++) {
      Random random = new Random(seed);
      ObjectNode from = RandomTrees.object(random, 4);
      ObjectNode to = RandomTrees.object(random, 4);
      ArrayNode patch = Json.array();
      difference(from, to, "", patch);
      assertEquals(to, JsonPatch.apply(from, patch), "seed " + seed);
    }
  }

  @Test
  void mergePatchTwiceIsMergePatchOnce() {
    for (long seed = 1; seed <= 500; seed++) {
      Random random = new Random(seed);
      JsonNode base = RandomTrees.any(random, 4);
      JsonNode patch = RandomTrees.any(random, 4);
      JsonNode once = MergePatch.apply(base, patch);
      assertEquals(once, MergePatch.apply(once, patch), "seed " + seed);
    }
  }

  /// The plainest JSON patch between two objects.
  private static void difference(ObjectNode from, ObjectNode to, String path, ArrayNode patch) {
    List<String> names = new ArrayList<>(from.propertyNames());
    for (String name : names) {
      String at = path + "/" + name.replace("~", "~0").replace("/", "~1");
      if (!to.has(name)) {
        patch.addObject().put("op", "remove").put("path", at);
      } else if (from.get(name) instanceof ObjectNode a && to.get(name) instanceof ObjectNode b) {
        difference(a, b, at, patch);
      } else {
        patch.addObject().put("op", "replace").put("path", at).set("value", to.path(name));
      }
    }
    for (Map.Entry<String, JsonNode> entry : to.properties()) {
      if (!from.has(entry.getKey())) {
        String at = path + "/" + entry.getKey().replace("~", "~0").replace("/", "~1");
        patch.addObject().put("op", "add").put("path", at).set("value", entry.getValue());
      }
    }
  }
}
