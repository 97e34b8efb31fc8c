package dev.berth.controller.admission;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.codec.JsonBody;
import dev.berth.api.schema.FieldError;
import dev.berth.api.schema.Honoured;
import dev.berth.api.schema.KindSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Takes a wanted object through all steps. Defaults are applied in place; what comes back is what
/// the author should be warned about; an object that may not be stored throws.
public final class Admission {
  private static final Set<ResourceType> HOLDS_PODS =
      Set.of(
          Kinds.POD,
          Kinds.POD_TEMPLATE,
          Kinds.DEPLOYMENT,
          Kinds.REPLICA_SET,
          Kinds.REPLICATION_CONTROLLER,
          Kinds.STATEFUL_SET,
          Kinds.DAEMON_SET,
          Kinds.JOB,
          Kinds.CRON_JOB);

  private Admission() {}

  /// Admits or throws.
  ///
  /// @param old the stored object when this is an update
  /// @throws ApiException `BadRequest` for unknown fields that may not pass, `Invalid` for the rest
  public static List<String> admit(
      KindSchema schema, ObjectNode object, @Nullable ObjectNode old, FieldValidation validation) {
    return admit(schema, object, old, validation, List.of());
  }

  /// The same for a body that was sent.
  ///
  /// @param duplicates paths of the fields that came twice in it
  public static List<String> admit(
      KindSchema schema,
      ObjectNode object,
      @Nullable ObjectNode old,
      FieldValidation validation,
      List<String> duplicates) {
    ResourceType type = schema.type();
    List<String> warnings = new ArrayList<>(strict(schema, object, old, validation, duplicates));
    @Nullable ObjectNode before = old;
    if (schema.dropUnknown(object) && old != null) {
      // An earlier version stored such fields: that they go is no change that anybody asked for.
      before = Json.deepCopy(old);
      schema.dropUnknown(before);
    }
    schema.applyDefaults(object);
    List<FieldError> errors =
        new ArrayList<>(
            before == null ? schema.validate(object) : schema.validateUpdate(before, object));
    if (before != null && !specChanged(object, before)) {
      errors.removeIf(Admission::isInSpec);
    }
    if (errors.isEmpty() && HOLDS_PODS.contains(type) && specChanged(object, before)) {
      Honoured honoured = Honoured.check(object);
      errors.addAll(honoured.errors());
      warnings.addAll(honoured.warnings());
    }
    if (!errors.isEmpty()) {
      throw invalid(type, object, errors);
    }
    return warnings;
  }

  /// Takes what the kind does not have out of what somebody sent, in place, before it is merged
  /// into anything.
  ///
  /// @return what its author should be warned about
  /// @throws ApiException `BadRequest` where unknown fields may not pass
  public static List<String> known(
      KindSchema schema, ObjectNode sent, FieldValidation validation, List<String> duplicates) {
    List<String> warnings = strict(schema, sent, null, validation, duplicates);
    schema.dropUnknown(sent);
    return warnings;
  }

  /// What was stored by a version with other rules may be refused by now. Its author is told at the
  /// next change of the spec; a status or a finalizer must get through until then.
  private static boolean isInSpec(FieldError error) {
    return error.field().equals("spec") || error.field().startsWith("spec.");
  }

  private static boolean specChanged(ObjectNode object, @Nullable ObjectNode old) {
    return old == null || !object.path("spec").equals(old.path("spec"));
  }

  /// Our own kinds never hold a field that does nothing; built-in kinds follow the client's wish.
  private static List<String> strict(
      KindSchema schema,
      ObjectNode object,
      @Nullable ObjectNode old,
      FieldValidation validation,
      List<String> duplicates) {
    boolean ours = schema.type().gvk().group().equals(Kinds.BERTH_GROUP);
    if (validation == FieldValidation.IGNORE && !ours) {
      return List.of();
    }
    List<FieldError> fields = new ArrayList<>(schema.unknownFields(object));
    if (old != null && !specChanged(object, old)) {
      fields.removeAll(schema.unknownFields(old));
    }
    List<String> unknown = texts(fields, duplicates, ours);
    if (!unknown.isEmpty() && (ours || validation == FieldValidation.STRICT)) {
      throw new ApiException(
          new ApiError.BadRequest(
              schema.type().kind()
                  + " in version \""
                  + schema.type().gvk().version()
                  + "\" cannot be handled as a "
                  + schema.type().kind()
                  + ": strict decoding error: "
                  + String.join(", ", unknown)));
    }
    return unknown;
  }

  /// Kubernetes only names what it does not know; for our own kinds there is a guess of what was
  /// meant.
  private static List<String> texts(
      List<FieldError> unknown, List<String> duplicates, boolean guess) {
    if (!guess) {
      return JsonBody.strictErrors(unknown, duplicates);
    }
    List<String> texts = new ArrayList<>(unknown.stream().map(Admission::described).toList());
    texts.addAll(JsonBody.strictErrors(List.of(), duplicates));
    return texts;
  }

  private static String described(FieldError error) {
    return error.message().startsWith("unknown field \"")
        ? error.message()
        : "unknown field \"" + error.field() + "\"" + suggestion(error.message());
  }

  private static String suggestion(String message) {
    int hint = message.indexOf("did you mean");
    return hint < 0 ? "" : "; " + message.substring(hint);
  }

  public static ApiException invalid(
      ResourceType type, ObjectNode object, List<FieldError> errors) {
    return new ApiException(
        ApiError.Invalid.of(
            type.kind(),
            Json.name(object),
            errors.stream().map(FieldError::toCause).collect(Collectors.toList())));
  }
}
