package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Kubernetes shows no data of Secrets, whatever is wrong with them.
final class SecretValueTest {
  @Test
  void whatIsWrongWithASecretIsSaidWithoutItsValues() {
    KindSchema secrets = Schemas.of(Kinds.SECRET);
    var secret =
        Json.parseObject(
            "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"metadata\": {\"name\": \"a\","
                + " \"namespace\": \"b\"}, \"data\": {\"key\": \"=hunter2\"}, \"stringData\":"
                + " {\"pin\": 12345678}}");
    assertEquals(
        List.of(
            "data[key]: Invalid value: \"<secret contents redacted>\": must be base64",
            "stringData[pin]: expected text, found number <secret contents redacted>; put it in"
                + " quotes"),
        secrets.validate(secret).stream().map(FieldError::toString).toList());
  }
}
