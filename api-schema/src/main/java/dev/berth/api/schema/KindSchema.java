package dev.berth.api.schema;

import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.FieldType.ObjectType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Everything that is known about one kind.
public final class KindSchema {
  private final ResourceType type;
  private final ObjectType root;
  private final Consumer<ObjectNode> defaults;
  private final Rules rules;
  private final List<Column> columns;
  private final boolean closed;
  private final boolean custom;

  /// A `closed` kind refuses unknown fields whatever the request's field validation says: our own
  /// kinds.
  KindSchema(
      ResourceType type,
      ObjectType root,
      Consumer<ObjectNode> defaults,
      Rules rules,
      List<Column> columns,
      boolean closed) {
    this(type, root, defaults, rules, columns, closed, false);
  }

  private KindSchema(
      ResourceType type,
      ObjectType root,
      Consumer<ObjectNode> defaults,
      Rules rules,
      List<Column> columns,
      boolean closed,
      boolean custom) {
    this.type = type;
    this.root = root;
    this.defaults = defaults;
    this.rules = rules;
    this.columns = List.copyOf(columns);
    this.closed = closed;
    this.custom = custom;
  }

  /// A kind that a CustomResourceDefinition brings: `defaults` fill an object in place, `rules` add
  /// what is wrong beyond the types of `root`.
  public static KindSchema custom(
      ResourceType type,
      ObjectType root,
      Consumer<ObjectNode> defaults,
      BiConsumer<JsonNode, List<FieldError>> rules,
      List<Column> columns) {
    return new KindSchema(type, root, defaults, rules::accept, columns, false, true);
  }

  public ResourceType type() {
    return type;
  }

  public ObjectType root() {
    return root;
  }

  /// True for our own kinds: they take no strategic merge patch, and an unknown field is always an
  /// error.
  public boolean isClosed() {
    return closed;
  }

  /// Whether its lists have merge keys that a strategic merge patch could use.
  public boolean hasStrategicMerge() {
    return !closed && !custom;
  }

  /// Fills in what Kubernetes fills in when an object is written. Our own kinds are left as the
  /// user wrote them. Expects an object whose types are right; values of a wrong type are left
  /// alone.
  public void applyDefaults(ObjectNode object) {
    defaults.accept(object);
  }

  /// What is wrong with an object, all of it: types, required fields, syntax and cross-field rules.
  /// `metadata.name` must be there: a generated name is put in before.
  public List<FieldError> validate(ObjectNode object) {
    List<FieldError> errors = new ArrayList<>();
    if (closed) {
      errors.addAll(unknownFields(object));
    }
    errors.addAll(wrongTypes(object));
    MetadataRules.check(object, type, errors);
    rules.check(object, errors);
    return errors.size() <= TreeCheck.MAX_ERRORS ? errors : errors.subList(0, TreeCheck.MAX_ERRORS);
  }

  /// What an update must not change, and everything that `validate` says about the new object.
  public List<FieldError> validateUpdate(ObjectNode old, ObjectNode changed) {
    List<FieldError> errors = new ArrayList<>(validate(changed));
    rules.checkUpdate(old, changed, errors);
    return errors;
  }

  /// Fields that the kind does not have, anywhere in the tree.
  public List<FieldError> unknownFields(JsonNode object) {
    return TreeCheck.unknownFields(object, root);
  }

  /// Removes the fields that [#unknownFields] names from a built-in kind, in place: nobody may
  /// store what no typed client would see (Kubernetes: "Field validation"). A kind of a definition
  /// is pruned by its own schema, and our own kinds refuse such fields.
  ///
  /// @return whether there were any
  public boolean dropUnknown(ObjectNode object) {
    return !closed && !custom && Pruning.drop(object, root);
  }

  /// Values of a wrong type or outside a field's own limits; needs no rule of the kind.
  public List<FieldError> wrongTypes(JsonNode object) {
    return TreeCheck.values(
        object, root, type.equals(Kinds.SECRET) ? Set.of("data", "stringData") : Set.of());
  }

  public List<Column> columns() {
    return columns;
  }
}
