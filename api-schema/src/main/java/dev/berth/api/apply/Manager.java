package dev.berth.api.apply;

/// Who writes: `name` is the request's fieldManager (or what the server makes of its user agent),
/// `operation` is `Apply` or `Update`, `subresource` is empty for the object itself.
public record Manager(String name, String operation, String apiVersion, String subresource) {
  public static final String APPLY = "Apply";
  public static final String UPDATE = "Update";

  public static Manager applying(String name, String apiVersion) {
    return new Manager(name, APPLY, apiVersion, "");
  }

  public static Manager updating(String name, String apiVersion) {
    return new Manager(name, UPDATE, apiVersion, "");
  }

  boolean applies() {
    return operation.equals(APPLY);
  }

  /// One who applies is the same in every version; one who updates is another in each.
  boolean isSame(Manager other) {
    return name.equals(other.name)
        && operation.equals(other.operation)
        && subresource.equals(other.subresource)
        && (applies() || apiVersion.equals(other.apiVersion));
  }

  /// `"kubectl" using apps/v1`: as a conflict names it.
  String inWords() {
    String who = "\"" + name + "\"";
    if (!subresource.isEmpty()) {
      who += " with subresource \"" + subresource + "\"";
    }
    return applies() ? who : who + " using " + apiVersion;
  }
}
