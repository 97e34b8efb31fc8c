package dev.berth.api.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The table of protobuf messages has no holes.
class MessagesTest {
  @Test
  void everyMessageThatAFieldHoldsIsKnownAlsoOneWithoutFields() {
    Set<String> missing = new TreeSet<>();
    List.copyOf(ProtobufTable.messages().values()).stream()
        .flatMap(message -> message.fields().values().stream())
        .map(ProtobufTable.Field::type)
        .filter(type -> type.indexOf('.') >= 0)
        .filter(type -> !ProtobufTable.messages().containsKey(type))
        .forEach(missing::add);
    assertEquals(Set.of(), missing);
    assertEquals(
        0,
        ProtobufTable.message("apiextensions.v1.CustomResourceSubresourceStatus").fields().size());
  }
}
