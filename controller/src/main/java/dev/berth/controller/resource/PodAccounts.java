package dev.berth.controller.resource;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Gives a new pod its ServiceAccount and, unless pod or account refuse it, what a client library
/// looks for in a container: a token that is renewed, the CA's certificate and the name of the
/// namespace (Kubernetes, "Configure Service Accounts for Pods"; "Managing Service Accounts").
///
/// A namespace's account `default` counts as there before its reconciler has made it, so that a pod
/// may follow its namespace at once. What is put in comes with all its defaults and belongs to no
/// field manager: nobody asked for it.
final class PodAccounts {
  static final String MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
  private static final String DEFAULT = "default";
  private static final String VOLUME = "kube-api-access-";
  private static final String ROOT_CA = "kube-root-ca.crt";

  /// On the copy of a pod that a node runs by itself: it has no account.
  private static final String MIRROR = "kubernetes.io/config.mirror";

  /// An hour, and what tells these tokens from those that somebody asked for.
  private static final int TOKEN_SECONDS = 3607;

  private static final int MODE = 0644;

  private final Function<ObjectKey, Optional<ObjectNode>> accounts;
  private final Supplier<String> suffixes;

  /// @param suffixes give each volume a name of its own
  PodAccounts(Function<ObjectKey, Optional<ObjectNode>> accounts, Supplier<String> suffixes) {
    this.accounts = accounts;
    this.suffixes = suffixes;
  }

  /// Changes the pod in place.
  ///
  /// @throws ApiException `Forbidden` when the pod names an account that is not there
  void equip(ObjectNode pod) {
    if (Json.annotation(pod, MIRROR).isPresent()) {
      return;
    }
    ObjectNode spec = Json.ensure(pod, "spec");
    String account = accountOf(spec);
    JsonNode found = require(pod, account);
    spec.put("serviceAccountName", account).put("serviceAccount", account);
    if (mounts(spec, found)) {
      mount(spec);
    }
  }

  /// `serviceAccount` is the old name of the field.
  private static String accountOf(ObjectNode spec) {
    String name = Json.text(spec, "serviceAccountName");
    String old = name.isEmpty() ? Json.text(spec, "serviceAccount") : name;
    return old.isEmpty() ? DEFAULT : old;
  }

  private JsonNode require(ObjectNode pod, String account) {
    ObjectKey key = new ObjectKey(Json.namespace(pod), account);
    Optional<ObjectNode> found = accounts.apply(key);
    if (found.isEmpty() && !account.equals(DEFAULT)) {
      throw new ApiException(
          new ApiError.Forbidden(
              Kinds.POD.qualifiedName()
                  + " \""
                  + Json.name(pod)
                  + "\" is forbidden: error looking up service account "
                  + key
                  + ": serviceaccount \""
                  + account
                  + "\" not found"));
    }
    return found.orElseGet(Json::object);
  }

  /// The pod's own word counts before its account's; without any, the token comes.
  private static boolean mounts(JsonNode spec, JsonNode account) {
    String field = "automountServiceAccountToken";
    return spec.path(field).asBoolean(account.path(field).asBoolean(true));
  }

  private void mount(ObjectNode spec) {
    String present = tokenVolume(spec);
    String name = present.isEmpty() ? VOLUME + suffixes.get() : present;
    boolean used = false;
    for (String containers : List.of("initContainers", "containers")) {
      for (JsonNode container : spec.path(containers)) {
        used |= container instanceof ObjectNode own && mountInto(own, name);
      }
    }
    if (used && present.isEmpty()) {
      spec.withArray("volumes").add(volume(name));
    }
  }

  private static String tokenVolume(JsonNode spec) {
    for (JsonNode volume : spec.path("volumes")) {
      if (Json.text(volume, "name").startsWith(VOLUME)) {
        return Json.text(volume, "name");
      }
    }
    return "";
  }

  /// A container that has something of its own there keeps it.
  private static boolean mountInto(ObjectNode container, String volume) {
    Set<String> paths = new HashSet<>();
    container.path("volumeMounts").forEach(mount -> paths.add(Json.text(mount, "mountPath")));
    if (paths.contains(MOUNT_PATH)) {
      return false;
    }
    ObjectNode mount = container.withArray("volumeMounts").addObject().put("name", volume);
    mount.put("readOnly", true).put("mountPath", MOUNT_PATH);
    return true;
  }

  private static ObjectNode volume(String name) {
    ObjectNode volume = Json.object().put("name", name);
    ObjectNode projected = volume.putObject("projected").put("defaultMode", MODE);
    var sources = projected.putArray("sources");
    sources
        .addObject()
        .putObject("serviceAccountToken")
        .put("expirationSeconds", TOKEN_SECONDS)
        .put("path", "token");
    ObjectNode ca = sources.addObject().putObject("configMap").put("name", ROOT_CA);
    ca.putArray("items").addObject().put("key", "ca.crt").put("path", "ca.crt");
    ObjectNode item = sources.addObject().putObject("downwardAPI").putArray("items").addObject();
    item.put("path", "namespace")
        .putObject("fieldRef")
        .put("apiVersion", "v1")
        .put("fieldPath", "metadata.namespace");
    return volume;
  }
}
