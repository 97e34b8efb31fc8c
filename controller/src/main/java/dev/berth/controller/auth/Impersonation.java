package dev.berth.controller.auth;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Who a request wants to be taken for (`Impersonate-User`, `-Group`, `-Uid`, `-Extra-*`), and
/// whether the one who sent it may be that. Kubernetes: "User impersonation".
public final class Impersonation {
  private static final String USER = "Impersonate-User";
  private static final String GROUP = "Impersonate-Group";
  private static final String UID = "Impersonate-Uid";
  private static final String EXTRA = "impersonate-extra-";
  private static final String AUTHENTICATION = "authentication.k8s.io";

  private final Authorizer authorizer;

  public Impersonation(Authorizer authorizer) {
    this.authorizer = authorizer;
  }

  /// Who acts: the requester itself where it asks for nobody else.
  ///
  /// @param names of all headers
  /// @param values of one header, in the order they were sent
  /// @throws ApiException `Forbidden` when the requester may not be the one it asks for
  public Identity apply(
      Identity requester, Iterable<String> names, Function<String, List<String>> values) {
    String user = values.apply(USER).stream().findFirst().orElse("");
    List<String> groups = values.apply(GROUP);
    String uid = values.apply(UID).stream().findFirst().orElse("");
    Map<String, List<String>> extra = extra(names, values);
    if (user.isEmpty()) {
      if (!groups.isEmpty() || !uid.isEmpty() || !extra.isEmpty()) {
        throw new ApiException(
            new ApiError.BadRequest(
                "a group, uid or extra is to be impersonated, but no user: send Impersonate-User"));
      }
      return requester;
    }
    Optional<ServiceAccountName> account = ServiceAccountName.parse(user);
    requireUser(requester, user, account);
    groups.forEach(group -> require(requester, "", "groups", "", group, ""));
    if (!uid.isEmpty()) {
      require(requester, AUTHENTICATION, "uids", "", uid, "");
    }
    extra.forEach(
        (key, each) ->
            each.forEach(
                value -> require(requester, AUTHENTICATION, "userextras", "", value, key)));
    return new Identity(user, uid, groups.isEmpty() ? ownGroups(user, account) : groups, extra);
  }

  /// The groups that a user has because of what it is.
  private static List<String> ownGroups(String user, Optional<ServiceAccountName> account) {
    return user.equals(Identity.ANONYMOUS.user())
        ? Identity.ANONYMOUS.groups()
        : account.map(ServiceAccountName::groups).orElse(List.of());
  }

  private void requireUser(Identity requester, String user, Optional<ServiceAccountName> account) {
    account.ifPresentOrElse(
        a -> require(requester, "", "serviceaccounts", a.namespace(), a.name(), ""),
        () -> require(requester, "", "users", "", user, ""));
  }

  private void require(
      Identity requester,
      String group,
      String resource,
      String namespace,
      String name,
      String subresource) {
    authorizer.require(
        requester,
        new Attributes.OnResource(
            "impersonate",
            group,
            resource,
            namespace,
            name,
            subresource,
            FieldSelector.EVERYTHING));
  }

  private static Map<String, List<String>> extra(
      Iterable<String> names, Function<String, List<String>> values) {
    Map<String, List<String>> extra = new LinkedHashMap<>();
    for (String name : names) {
      String lower = name.toLowerCase(Locale.ROOT);
      if (lower.startsWith(EXTRA)) {
        extra
            .computeIfAbsent(decoded(lower.substring(EXTRA.length())), _ -> new ArrayList<>())
            .addAll(values.apply(name));
      }
    }
    return extra;
  }

  private static String decoded(String key) {
    try {
      return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return key;
    }
  }
}
