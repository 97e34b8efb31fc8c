package dev.berth.api.schema;

import static dev.berth.api.schema.Cells.age;
import static dev.berth.api.schema.Cells.createdAt;
import static dev.berth.api.schema.Cells.name;
import static dev.berth.api.schema.Cells.number;
import static dev.berth.api.schema.Cells.text;
import static dev.berth.api.schema.Cells.wide;

import dev.berth.api.Json;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The tables of accounts, rights and definitions, in kubectl's columns.
final class ClusterColumns {
  private ClusterColumns() {}

  static List<Column> serviceAccount() {
    return List.of(
        name(),
        number("Secrets", "Secrets of the account.", s -> (long) s.path("secrets").size()),
        age());
  }

  static List<Column> role() {
    return List.of(name(), createdAt());
  }

  static List<Column> definition() {
    return List.of(name(), createdAt());
  }

  static List<Column> binding() {
    return List.of(
        name(),
        text("Role", "What it grants.", ClusterColumns::role),
        age(),
        wide("Users", "Users who get it.", b -> subjects(b, "User")),
        wide("Groups", "Groups that get it.", b -> subjects(b, "Group")),
        wide("ServiceAccounts", "Accounts that get it.", b -> subjects(b, "ServiceAccount")));
  }

  private static String role(JsonNode binding) {
    JsonNode role = binding.path("roleRef");
    return Json.text(role, "kind") + "/" + Json.text(role, "name");
  }

  private static String subjects(JsonNode binding, String kind) {
    return binding
        .path("subjects")
        .valueStream()
        .filter(subject -> Json.text(subject, "kind").equals(kind))
        .map(ClusterColumns::subject)
        .collect(Collectors.joining(", "));
  }

  private static String subject(JsonNode subject) {
    String namespace = Json.text(subject, "namespace");
    boolean account = Json.text(subject, "kind").equals("ServiceAccount");
    return account ? namespace + "/" + Json.text(subject, "name") : Json.text(subject, "name");
  }
}
