package dev.berth.controller.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/// What counts against a quota, and what is too much.
class QuotaTest {
  private static final ObjectNode POD =
      pod(
          """
          "containers": [
            {"name": "a", "resources": {
              "requests": {"cpu": "100m", "memory": "64Mi", "ephemeral-storage": "1Gi",
                           "example.com/gpu": "2"},
              "limits": {"cpu": "1"}}},
            {"name": "b", "resources": {"requests": {"cpu": "250m"}}}]
          """);

  private static ObjectNode pod(String spec) {
    return Json.parseObject("{\"metadata\": {\"name\": \"p\"}, \"spec\": {" + spec + "}}");
  }

  private static Quota quota(String spec) {
    return Quota.of(
        Json.parseObject("{\"metadata\": {\"name\": \"q\"}, \"spec\": {" + spec + "}}"));
  }

  private static Quota hard(String hard) {
    return quota("\"hard\": {" + hard + "}");
  }

  @Test
  void aPodUsesWhatItsContainersAskForTogether() {
    Quota quota =
        hard(
            """
            "pods": "9", "count/pods": "9", "cpu": "9", "requests.cpu": "9", "limits.cpu": "9",
            "requests.memory": "9Gi", "requests.ephemeral-storage": "9Gi",
            "requests.example.com/gpu": "9", "secrets": "9"
            """);
    assertEquals(
        "count/pods=1,cpu=350m,limits.cpu=1,pods=1,requests.cpu=350m,"
            + "requests.ephemeral-storage=1Gi,requests.example.com/gpu=2,requests.memory=64Mi",
        quota.used(Kinds.POD, POD).toString());
  }

  @Test
  void aPodThatEndedUsesItsPlaceOnly() {
    ObjectNode ended = POD.deepCopy();
    ended.putObject("status").put("phase", "Succeeded");
    Quota quota = hard("\"pods\": \"1\", \"count/pods\": \"1\", \"cpu\": \"1\"");
    assertEquals("count/pods=1", quota.used(Kinds.POD, ended).toString());
  }

  @Test
  void theLargestMomentOfInitContainersCounts() {
    ObjectNode pod =
        pod(
            """
            "initContainers": [
              {"name": "side", "restartPolicy": "Always", "resources": {"requests": {"cpu": "1"}}},
              {"name": "first", "resources": {"requests": {"cpu": "3"}}}],
            "containers": [{"name": "a", "resources": {"requests": {"cpu": "2"}}}]
            """);
    assertEquals("cpu=4", hard("\"cpu\": \"9\"").used(Kinds.POD, pod).toString());
  }

  @Test
  void whatIsUsedIsCompleteAlsoWhereNothingIs() {
    Quota quota = hard("\"pods\": \"1\", \"requests.cpu\": \"1\", \"services\": \"3\"");
    assertEquals("pods=0,requests.cpu=0", quota.used(Kinds.POD, List.of()).toString());
    assertEquals("services=0", quota.used(Kinds.SERVICE, List.of()).toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ClusterIP | services=1",
        "NodePort | services=1,services.nodeports=2",
        "LoadBalancer | services=1,services.loadbalancers=1,services.nodeports=2"
      })
  void servicesUseByTheirType(String type, String used) {
    ObjectNode service = Json.object();
    Json.ensure(service, "spec").put("type", type).putArray("ports").addObject();
    ((tools.jackson.databind.node.ArrayNode) Json.at(service, "spec", "ports")).addObject();
    Quota quota =
        hard(
            "\"services\": \"9\", \"services.nodeports\": \"9\", \"services.loadbalancers\":"
                + " \"9\"");
    assertEquals(used, quota.used(Kinds.SERVICE, service).toString());
  }

  @Test
  void everyKindIsCountedByItsName() {
    ResourceType type = Kinds.REPLICA_SET;
    assertEquals(
        "count/replicasets.apps=1",
        hard("\"count/replicasets.apps\": \"2\"").used(type, Json.object()).toString());
  }

  @Test
  void theRefusalNamesWhatIsTooMuchAndNothingElse() {
    Quota quota = hard("\"pods\": \"5\", \"requests.cpu\": \"500m\"");
    assertEquals(
        Optional.of(
            "exceeded quota: q, requested: requests.cpu=350m, used: requests.cpu=350m, limited:"
                + " requests.cpu=500m"),
        quota.refusal(Kinds.POD, POD, null, List.of(POD)));
    assertEquals(Optional.empty(), quota.refusal(Kinds.POD, POD, null, List.of()));
  }

  @Test
  void anUpdateCountsByItsIncrease() {
    ObjectNode before = Json.object();
    Json.ensure(before, "spec").put("type", "ClusterIP").putArray("ports").addObject();
    ObjectNode after = before.deepCopy();
    Json.ensure(after, "spec").put("type", "NodePort");
    Quota full = hard("\"services\": \"1\", \"services.nodeports\": \"0\"");
    assertEquals(
        Optional.of(
            "exceeded quota: q, requested: services.nodeports=1, used: services.nodeports=0,"
                + " limited: services.nodeports=0"),
        full.refusal(Kinds.SERVICE, after, before, List.of()));
    assertEquals(Optional.empty(), full.refusal(Kinds.SERVICE, before, after, List.of(after)));
  }

  @Test
  void containersMustSayWhatIsCounted() {
    assertEquals(
        Optional.of("failed quota: q: must specify limits.cpu for: b; memory for: b"),
        hard("\"limits.cpu\": \"9\", \"memory\": \"9Gi\", \"cpu\": \"9\"")
            .refusal(Kinds.POD, POD, null, List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"scopes\": [\"BestEffort\"] | false | false | false",
        "\"scopes\": [\"NotBestEffort\"] | true | true | true",
        "\"scopes\": [\"Terminating\"] | false | true | false",
        "\"scopes\": [\"NotTerminating\"] | true | false | true",
        "\"scopes\": [\"NotTerminating\", \"NotBestEffort\"] | true | false | true",
        "\"scopeSelector\": {\"matchExpressions\": [{\"scopeName\": \"PriorityClass\","
            + " \"operator\": \"In\", \"values\": [\"high\"]}]} | false | false | true",
        "\"scopeSelector\": {\"matchExpressions\": [{\"scopeName\": \"PriorityClass\","
            + " \"operator\": \"DoesNotExist\"}]} | true | true | false"
      })
  void scopesChoosePods(String scopes, boolean plain, boolean ending, boolean high) {
    Quota quota = quota("\"hard\": {\"pods\": \"9\"}, " + scopes);
    ObjectNode base = POD.deepCopy();
    base.putObject("status").put("qosClass", "Burstable");
    ObjectNode deadline = base.deepCopy();
    Json.ensure(deadline, "spec").put("activeDeadlineSeconds", 5);
    ObjectNode important = base.deepCopy();
    Json.ensure(important, "spec").put("priorityClassName", "high");
    assertEquals(plain, !quota.used(Kinds.POD, base).isEmpty());
    assertEquals(ending, !quota.used(Kinds.POD, deadline).isEmpty());
    assertEquals(high, !quota.used(Kinds.POD, important).isEmpty());
  }
}
