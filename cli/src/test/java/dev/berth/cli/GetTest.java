package dev.berth.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Live.class)
class GetTest {
  @Test
  void aTemplatePrintsWhatItNames(LiveApi api) {
    LiveApi.Ran one = api.berth("get", "ns/default", "-o", "jsonpath={.metadata.name}");
    assertEquals("default", one.out(), one.err());
    LiveApi.Ran all =
        api.berth("get", "ns", "-o", "jsonpath={range .items[*]}{.metadata.name}{\"\\n\"}{end}");
    assertTrue(all.lines().contains("kube-system"), all.out());
  }

  /// A script reads a value, not a picture of it.
  @Test
  void aPipeGetsAValueAsItIs(LiveApi api) {
    api.create(
        """
        {"apiVersion": "v1", "kind": "ConfigMap",
         "metadata": {"name": "coloured", "namespace": "default"},
         "data": {"text": "\\u001b[31mred\\tand\\r\\nmore"}}""");
    LiveApi.Ran ran =
        api.berth("get", "cm/coloured", "-n", "default", "-o", "jsonpath={.data.text}");
    assertEquals("\u001b[31mred\tand\r\nmore", ran.out(), ran.err());
  }

  @Test
  void aFormThatIsNoneNamesThoseThereAre(LiveApi api) {
    for (String form : new String[] {"jsn", "jsonpath", "yaml=x"}) {
      LiveApi.Ran ran = api.berth("get", "ns", "-o", form);
      assertEquals(1, ran.code(), form);
      assertTrue(ran.err().contains("jsonpath='{.metadata.name}'"), ran.err());
    }
  }

  @Test
  void theUseOfWhatIsNotThereIsAnError(LiveApi api) {
    for (String what : List.of("nodes", "pods", "modelapps")) {
      LiveApi.Ran ran = api.berth("top", what, "nobody");
      assertEquals(1, ran.code(), ran.err());
      assertTrue(ran.err().contains("\"nobody\" not found"), ran.err());
    }
    LiveApi.Ran everywhere = api.berth("top", "nodes", "-A");
    assertEquals(1, everywhere.code());
    assertTrue(everywhere.err().contains("nodes have none"), everywhere.err());
  }
}
