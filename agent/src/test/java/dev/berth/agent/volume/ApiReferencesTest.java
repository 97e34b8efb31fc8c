package dev.berth.agent.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiReferencesTest {
  /// What a pod names may be no name at all: nobody has checked it.
  @ParameterizedTest
  @ValueSource(strings = {"web", "db,creds", "a=b", "a,b=c", "back\\slash", "", ","})
  void whateverNameIsFollowedAsItIs(String name) {
    FieldSelector selector = ApiReferences.named(name);
    var object = Json.object();
    object.putObject("metadata").put("name", name);
    assertTrue(selector.matches(object));
    assertEquals(selector, FieldSelector.parse(selector.toString()));
  }

  @Test
  void noOther() {
    var object = Json.object();
    object.putObject("metadata").put("name", "db");
    assertFalse(ApiReferences.named("db,creds").matches(object));
  }
}
