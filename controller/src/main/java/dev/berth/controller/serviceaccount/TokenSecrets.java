package dev.berth.controller.serviceaccount;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Fills one Secret of type `kubernetes.io/service-account-token`; deletes it with its account.
public final class TokenSecrets implements Reconciler {
  private static final String TYPE = "kubernetes.io/service-account-token";
  private static final String NAME = "kubernetes.io/service-account.name";
  private static final String UID = "kubernetes.io/service-account.uid";

  private final Cluster cluster;
  private final String caCertificate;
  private final Issuer issuer;

  /// Makes the token of a Secret, from the Secret's tree and its account's.
  @FunctionalInterface
  public interface Issuer {
    String token(ObjectNode secret, ObjectNode account);
  }

  public TokenSecrets(Cluster cluster, String caCertificate, Issuer issuer) {
    this.cluster = cluster;
    this.caCertificate = caCertificate;
    this.issuer = issuer;
  }

  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(
        Kinds.SECRET,
        change -> {
          if (!change.deleted() && isToken(change.after())) {
            loop.add(ObjectKey.of(change.after()));
          }
        });
    cluster.onChange(
        Kinds.SERVICE_ACCOUNT,
        change ->
            cluster.inNamespace(Kinds.SECRET, Json.namespace(change.after())).stream()
                .filter(
                    secret ->
                        isToken(secret) && accountOf(secret).equals(Json.name(change.after())))
                .forEach(secret -> loop.add(ObjectKey.of(secret))));
  }

  private static boolean isToken(JsonNode secret) {
    return Json.text(secret, "type").equals(TYPE);
  }

  private static String accountOf(JsonNode secret) {
    return Json.annotation(secret, NAME).orElse("");
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<ObjectNode> secret =
        cluster
            .find(Kinds.SECRET, key)
            .filter(TokenSecrets::isToken)
            .filter(s -> !Json.isDeleting(s));
    secret.ifPresent(
        found ->
            cluster.perform(
                plan(
                    found,
                    cluster.find(
                        Kinds.SERVICE_ACCOUNT, new ObjectKey(key.namespace(), accountOf(found))),
                    caCertificate,
                    issuer)));
    return Result.DONE;
  }

  static List<Action> plan(
      ObjectNode secret, Optional<ObjectNode> account, String certificate, Issuer issuer) {
    String uid = Json.annotation(secret, UID).orElse("");
    boolean gone = account.isEmpty() || (!uid.isEmpty() && !uid.equals(Json.uid(account.get())));
    if (gone) {
      // A Secret may come before its account, but was then never filled.
      return uid.isEmpty() ? List.of() : List.of(Action.Delete.of(Kinds.SECRET, secret));
    }
    ObjectNode next = Json.deepCopy(secret);
    Json.ensure(Json.meta(next), "annotations").put(UID, Json.uid(account.get()));
    ObjectNode data = Json.ensure(next, "data");
    data.put("ca.crt", base64(certificate)).put("namespace", base64(Json.namespace(secret)));
    if (Json.text(data, "token").isEmpty()) {
      data.put("token", base64(issuer.token(secret, account.get())));
    }
    return next.equals(secret) ? List.of() : List.of(new Action.Update(Kinds.SECRET, next));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
