package dev.berth.api.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The committed table of built-in kinds is what the model classes (core, apps, discovery,
/// coordination), the protobuf descriptors (the other groups) and the merge facts say.
/// `-Dberth.refresh=true` writes it.
class KindTableTest {
  private static final Path TABLE =
      Path.of("src/main/resources/dev/berth/api/schema/builtin-kinds.tsv");
  private static final List<Class<?>> ROOTS =
      List.of(
          io.fabric8.kubernetes.api.model.Namespace.class,
          io.fabric8.kubernetes.api.model.Node.class,
          io.fabric8.kubernetes.api.model.Pod.class,
          io.fabric8.kubernetes.api.model.Service.class,
          io.fabric8.kubernetes.api.model.ConfigMap.class,
          io.fabric8.kubernetes.api.model.Secret.class,
          io.fabric8.kubernetes.api.model.Event.class,
          io.fabric8.kubernetes.api.model.ServiceAccount.class,
          io.fabric8.kubernetes.api.model.Endpoints.class,
          io.fabric8.kubernetes.api.model.PodTemplate.class,
          io.fabric8.kubernetes.api.model.ReplicationController.class,
          io.fabric8.kubernetes.api.model.LimitRange.class,
          io.fabric8.kubernetes.api.model.ResourceQuota.class,
          io.fabric8.kubernetes.api.model.PersistentVolume.class,
          io.fabric8.kubernetes.api.model.PersistentVolumeClaim.class,
          io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice.class,
          io.fabric8.kubernetes.api.model.coordination.v1.Lease.class,
          io.fabric8.kubernetes.api.model.apps.Deployment.class,
          io.fabric8.kubernetes.api.model.apps.ReplicaSet.class,
          io.fabric8.kubernetes.api.model.apps.StatefulSet.class,
          io.fabric8.kubernetes.api.model.apps.DaemonSet.class,
          io.fabric8.kubernetes.api.model.apps.ControllerRevision.class);

  /// Types of the meta group live beside the core ones in the model jars.
  private static final Set<String> META =
      Set.of(
          "ObjectMeta",
          "ManagedFieldsEntry",
          "OwnerReference",
          "LabelSelector",
          "LabelSelectorRequirement",
          "Condition");

  private static final Map<String, String> BYTES =
      Map.of(
          "io.k8s.api.core.v1.Secret data", "{}bytes",
          "io.k8s.api.core.v1.ConfigMap binaryData", "{}bytes");

  @Test
  void tableIsWhatTheModelClassesSay() throws IOException {
    String generated = generate();
    if (Boolean.getBoolean("berth.refresh")) {
      Files.createDirectories(Objects.requireNonNull(TABLE.getParent()));
      Files.writeString(TABLE, generated);
    }
    assertEquals(
        generated, Files.readString(TABLE), "stale table: run this test with -Dberth.refresh=true");
  }

  @Test
  void everyMergeFactOfTheServedKindsIsInTheTable() throws IOException {
    List<String> lines = Files.readAllLines(TABLE);
    for (Map.Entry<String, String> fact : mergeFacts().entrySet()) {
      String start = fact.getKey().replace(' ', '\t') + "\t";
      String line = lines.stream().filter(l -> l.startsWith(start)).findFirst().orElse("");
      assertTrue(line.endsWith("\t" + fact.getValue()), () -> fact + " is lost: " + line);
    }
  }

  private static String generate() throws IOException {
    Map<String, String> facts = mergeFacts();
    Map<String, List<String>> types = new TreeMap<>();
    Collection<Class<?>> seen = new LinkedHashSet<>(ROOTS);
    List<Class<?>> queue = new ArrayList<>(ROOTS);
    while (!queue.isEmpty()) {
      Class<?> next = queue.removeLast();
      List<String> fields = new ArrayList<>();
      for (Field field : fields(next)) {
        String key = schemaName(next) + " " + jsonName(field);
        String type = BYTES.getOrDefault(key, typeName(field, field.getGenericType(), seen, queue));
        fields.add(jsonName(field) + "\t" + type + "\t" + facts.getOrDefault(key, ""));
      }
      types.put(schemaName(next), fields);
    }
    MessageTypes.add(types, facts);
    StringBuilder table = new StringBuilder();
    table.append(
        "# Fields of the built-in kinds: type, field, value type, merge facts. Made by KindTableTest.\n");
    types.forEach(
        (name, fields) ->
            fields.forEach(field -> table.append(name).append('\t').append(field).append('\n')));
    return table.toString();
  }

  private static List<Field> fields(Class<?> model) {
    return Arrays.stream(model.getDeclaredFields())
        .filter(field -> field.isAnnotationPresent(JsonProperty.class))
        .sorted(Comparator.comparing(KindTableTest::jsonName))
        .toList();
  }

  private static String jsonName(Field field) {
    return field.getAnnotation(JsonProperty.class).value();
  }

  private static String schemaName(Class<?> model) {
    String group =
        switch (model.getPackageName()) {
          case "io.fabric8.kubernetes.api.model.apps" -> "io.k8s.api.apps.v1.";
          case "io.fabric8.kubernetes.api.model.discovery.v1" -> "io.k8s.api.discovery.v1.";
          case "io.fabric8.kubernetes.api.model.coordination.v1" -> "io.k8s.api.coordination.v1.";
          default ->
              META.contains(model.getSimpleName())
                  ? "io.k8s.apimachinery.pkg.apis.meta.v1."
                  : "io.k8s.api.core.v1.";
        };
    return group + model.getSimpleName();
  }

  private static String typeName(
      Field field, Type type, Collection<Class<?>> seen, List<Class<?>> queue) {
    if (type instanceof ParameterizedType generic) {
      Type last = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
      String prefix = generic.getRawType() == List.class ? "[]" : "{}";
      return prefix + typeName(field, last, seen, queue);
    }
    return switch (((Class<?>) type).getSimpleName()) {
      case "String" -> isTime(jsonName(field)) ? "time" : "string";
      case "Integer" -> "int32";
      case "Long" -> "integer";
      case "Boolean" -> "boolean";
      case "Double" -> "number";
      case "ZonedDateTime" -> "time";
      case "Object", "FieldsV1", "KubernetesResource", "RawExtension" -> "any";
      default -> modelType((Class<?>) type, seen, queue);
    };
  }

  private static String modelType(Class<?> type, Collection<Class<?>> seen, List<Class<?>> queue) {
    if (type == Quantity.class) {
      return "quantity";
    }
    if (type == IntOrString.class) {
      return "int-or-string";
    }
    if (type == MicroTime.class) {
      return "time";
    }
    if (seen.add(type)) {
      queue.add(type);
    }
    return schemaName(type);
  }

  private static boolean isTime(String name) {
    return name.endsWith("Timestamp")
        || name.endsWith("Time")
        || Set.of("time", "startedAt", "finishedAt", "timeAdded").contains(name);
  }

  /// `type field` to the text of the table's last column.
  private static Map<String, String> mergeFacts() throws IOException {
    Map<String, String> facts = new HashMap<>();
    try (InputStream in = KindTableTest.class.getResourceAsStream("merge-keys.tsv")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      for (String line : text.lines().toList()) {
        String[] fact = line.split("\t", -1);
        List<String> words = new ArrayList<>();
        add(words, "patch", fact[2]);
        add(words, "key", fact[3]);
        add(words, "list", fact[4]);
        add(words, "keys", fact[5]);
        add(words, "map", fact[6]);
        facts.put(fact[0] + " " + fact[1], String.join(" ", words));
      }
    }
    return facts;
  }

  private static void add(List<String> words, String name, String value) {
    if (!value.isEmpty()) {
      words.add(name + "=" + value);
    }
  }
}
