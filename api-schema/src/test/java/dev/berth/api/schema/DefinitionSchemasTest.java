package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Schemas that no typed client could read.
class DefinitionSchemasTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'properties': {'spec': [{'type': 'object'}]}} | .properties[spec] | an object",
        "{'properties': [1]} | .properties | an object",
        "{'type': ['a']} | .type | text",
        "{'nullable': 'yes'} | .nullable | true or false",
        "{'maxLength': 1.5} | .maxLength | an integer",
        "{'maximum': '1'} | .maximum | a number",
        "{'required': 'a'} | .required | a list",
        "{'required': [1]} | .required[0] | text",
        "{'enum': {}} | .enum | a list",
        "{'items': [{}]} | .items | an object",
        "{'additionalProperties': 'x'} | .additionalProperties | an object",
        "{'anyOf': {}} | .anyOf | a list",
        "{'allOf': [{'not': 1}]} | .allOf[0].not | an object",
        "{'x-kubernetes-validations': [1]} | .x-kubernetes-validations[0] | an object",
        "{'dependencies': {'a': [1]}} | .dependencies[a][0] | text"
      })
  void aKeywordOfAnotherTypeIsNamed(String schema, String path, String wanted) {
    assertEquals(
        List.of(new FieldError("s" + path, FieldError.TYPE_INVALID, "expected " + wanted)),
        DefinitionSchemas.check(Json.parse(schema.replace('\'', '"')), "s"));
  }

  @Test
  void whatKubernetesHasPasses() {
    String schema =
        """
        {"type": "object", "description": "d", "required": ["spec"], "x-of-others": [1],
         "properties": {"spec": {"type": "object", "additionalProperties": true, "default": {},
           "properties": {
             "n": {"type": "integer", "minimum": 0, "maximum": 9.5, "enum": [1, 2]},
             "l": {"type": "array", "items": {"type": "string", "maxLength": 3},
                   "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["a"]},
             "p": {"x-kubernetes-int-or-string": true, "nullable": null,
                   "anyOf": [{"type": "integer"}, {"type": "string"}]}},
           "x-kubernetes-validations": [{"rule": "true"}], "not": {"required": ["z"]}}}}
        """;
    assertEquals(List.of(), DefinitionSchemas.check(Json.parse(schema), "s"));
  }

  @Test
  void whatIsNoKeywordIsDroppedButNotFromValues() {
    JsonNode schema =
        Json.parse(
            """
            {"type": "object", "xtes": 1, "default": {"xtes": 1}, "enum": [{"xtes": 1}],
             "properties": {"xtes": {"type": "array", "xtes": [], "items": {"xtes": 1}}},
             "anyOf": [{"xtes": 1}], "additionalProperties": {"xtes": {}}, "not": [{"xtes": 1}]}
            """);
    DefinitionSchemas.dropUnknown(schema);
    assertEquals(
        Json.parse(
            """
            {"type": "object", "default": {"xtes": 1}, "enum": [{"xtes": 1}],
             "properties": {"xtes": {"type": "array", "items": {}}},
             "anyOf": [{}], "additionalProperties": {}, "not": [{"xtes": 1}]}
            """),
        schema);
  }
}
