package dev.berth.controller.admission;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.FieldError;
import dev.berth.api.schema.Honoured;
import dev.berth.api.schema.KindSchema;
import dev.berth.api.schema.Schemas;
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
      Set.of(Kinds.POD, Kinds.DEPLOYMENT, Kinds.REPLICA_SET);

  private Admission() {}

  /// Admits or throws.
  ///
  /// @param old the stored object when this is an update
  /// @throws ApiException `BadRequest` for unknown fields that may not pass, `Invalid` for the rest
  public static List<String> admit(
      ResourceType type, ObjectNode object, @Nullable ObjectNode old, FieldValidation validation) {
    KindSchema schema = Schemas.of(type);
    List<String> warnings = new ArrayList<>(unknownFields(schema, object, old, validation));
    schema.applyDefaults(object);
    List<FieldError> errors =
        new ArrayList<>(old == null ? schema.validate(object) : schema.validateUpdate(old, object));
    if (old != null && !specChanged(object, old)) {
      errors.removeIf(Admission::isInSpec);
    }
    if (errors.isEmpty() && HOLDS_PODS.contains(type) && specChanged(object, old)) {
      Honoured honoured = Honoured.check(object);
      errors.addAll(honoured.errors());
      warnings.addAll(honoured.warnings());
    }
    if (!errors.isEmpty()) {
      throw invalid(type, object, errors);
    }
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
  private static List<String> unknownFields(
      KindSchema schema, ObjectNode object, @Nullable ObjectNode old, FieldValidation validation) {
    boolean ours = schema.type().gvk().group().equals(Kinds.BERTH_GROUP);
    if (validation == FieldValidation.IGNORE && !ours) {
      return List.of();
    }
    List<String> unknown = new ArrayList<>(unknown(schema, object));
    if (old != null && !specChanged(object, old)) {
      unknown.removeAll(unknown(schema, old));
    }
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

  private static List<String> unknown(KindSchema schema, ObjectNode object) {
    return schema.unknownFields(object).stream().map(Admission::described).toList();
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
