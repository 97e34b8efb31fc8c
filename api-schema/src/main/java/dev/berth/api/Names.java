package dev.berth.api;

import java.util.regex.Pattern;

/// The syntax of names, labels and keys.
public final class Names {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final Pattern QUALIFIED_NAME =
      Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?");
  private static final Pattern CONFIG_KEY = Pattern.compile("[-._a-zA-Z0-9]+");

  private Names() {}

  /// RFC 1123 label: namespaces, containers, service ports.
  public static boolean isDnsLabel(String name) {
    return name.length() <= 63 && LABEL.matcher(name).matches();
  }

  /// RFC 1035 label: services, which must not start with a digit.
  public static boolean isDns1035Label(String name) {
    return isDnsLabel(name) && !Character.isDigit(name.charAt(0));
  }

  /// RFC 1123 subdomain: most object names.
  public static boolean isDnsSubdomain(String name) {
    if (name.isEmpty() || name.length() > 253) {
      return false;
    }
    for (String part : name.split("\\.", -1)) {
      if (!LABEL.matcher(part).matches()) {
        return false;
      }
    }
    return true;
  }

  /// `[prefix/]name` of label and annotation keys.
  public static boolean isQualified(String key) {
    int slash = key.indexOf('/');
    String name = key.substring(slash + 1);
    return (slash < 0 || isDnsSubdomain(key.substring(0, slash)))
        && name.length() <= 63
        && QUALIFIED_NAME.matcher(name).matches();
  }

  public static boolean isLabelValue(String value) {
    return value.isEmpty() || (value.length() <= 63 && QUALIFIED_NAME.matcher(value).matches());
  }

  /// Keys of ConfigMaps and Secrets.
  public static boolean isConfigKey(String key) {
    return key.length() <= 253
        && CONFIG_KEY.matcher(key).matches()
        && !key.equals(".")
        && !key.startsWith("..");
  }
}
