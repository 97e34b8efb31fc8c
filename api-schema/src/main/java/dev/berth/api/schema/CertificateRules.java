package dev.berth.api.schema;

import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// CertificateSigningRequests (certificates.k8s.io/v1); the words are Kubernetes'. The request's
/// content is the signer's to judge.
final class CertificateRules {
  private static final Set<String> USAGES =
      Set.of(
          "any",
          "cert sign",
          "client auth",
          "code signing",
          "content commitment",
          "crl sign",
          "data encipherment",
          "decipher only",
          "digital signature",
          "email protection",
          "encipher only",
          "ipsec end system",
          "ipsec tunnel",
          "ipsec user",
          "key agreement",
          "key encipherment",
          "microsoft sgc",
          "netscape sgc",
          "ocsp signing",
          "s/mime",
          "server auth",
          "signing",
          "timestamping");
  private static final long SHORTEST_SECONDS = 600;

  private CertificateRules() {}

  static void check(JsonNode request, List<FieldError> errors) {
    JsonNode spec = request.path("spec");
    if (!isPem(Json.text(spec, "request"))) {
      errors.add(
          FieldError.invalid(
              "spec.request",
              Json.text(spec, "request"),
              "PEM block type must be CERTIFICATE REQUEST"));
    }
    usages(spec.path("usages"), errors);
    String signer = Json.text(spec, "signerName");
    if (signer.isEmpty()) {
      errors.add(FieldError.required("spec.signerName", ""));
    } else if (signer.indexOf('/') < 1) {
      errors.add(
          FieldError.invalid(
              "spec.signerName",
              signer,
              "must be a fully qualified domain and path of the form 'example.com/signer-name'"));
    }
    JsonNode seconds = spec.path("expirationSeconds");
    if (seconds.isNumber() && seconds.asLong(0) < SHORTEST_SECONDS) {
      errors.add(
          FieldError.invalid(
              "spec.expirationSeconds",
              seconds.asLong(0),
              "may not specify a duration less than 600 seconds (10 minutes)"));
    }
    conditions(Json.at(request, "status", "conditions"), errors);
  }

  private static boolean isPem(String base64) {
    try {
      String pem = new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.ISO_8859_1);
      return pem.contains("-----BEGIN CERTIFICATE REQUEST-----")
          || pem.contains("-----BEGIN NEW CERTIFICATE REQUEST-----");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void usages(JsonNode usages, List<FieldError> errors) {
    if (usages.isEmpty()) {
      errors.add(FieldError.required("spec.usages", "usages must not be empty"));
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < usages.size(); i++) {
      String usage = usages.path(i).asString("");
      String at = "spec.usages[" + i + "]";
      if (!USAGES.contains(usage)) {
        errors.add(
            new FieldError(at, FieldError.NOT_SUPPORTED, "Unsupported value: \"" + usage + "\""));
      } else if (!seen.add(usage)) {
        errors.add(FieldError.duplicate(at, usage));
      }
    }
  }

  private static void conditions(JsonNode conditions, List<FieldError> errors) {
    Set<String> types = new HashSet<>();
    for (int i = 0; i < conditions.size(); i++) {
      String at = "status.conditions[" + i + "]";
      String type = Json.text(conditions.path(i), "type");
      if (type.isEmpty()) {
        errors.add(FieldError.required(at + ".type", ""));
      } else if (!types.add(type)) {
        errors.add(FieldError.duplicate(at + ".type", type));
      }
      String status = Json.text(conditions.path(i), "status");
      boolean decision = Set.of("Approved", "Denied", "Failed").contains(type);
      if (status.isEmpty()) {
        errors.add(FieldError.required(at + ".status", ""));
      } else if (decision && !status.equals("True")) {
        errors.add(
            new FieldError(
                at + ".status",
                FieldError.NOT_SUPPORTED,
                "Unsupported value: \"" + status + "\": supported values: \"True\""));
      }
    }
    if (types.containsAll(Set.of("Approved", "Denied"))) {
      errors.add(
          FieldError.invalid(
              "status.conditions",
              "Denied",
              "Approved and Denied conditions are mutually exclusive"));
    }
  }

  static void update(JsonNode old, JsonNode changed, List<FieldError> errors) {
    WorkloadRules.unchanged(old, changed, "spec", errors);
    if (!Json.isEmpty(Json.at(old, "status", "certificate"))) {
      WorkloadRules.unchanged(old, changed, "status.certificate", errors);
    }
  }
}
