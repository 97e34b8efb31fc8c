package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class StrategicMergeTest {

  /// JSON with single quotes reads better here.
  private static ObjectNode json(String text) {
    return Json.parseObject(text.replace('\'', '"'));
  }

  private static void merged(ResourceType type, String base, String patch, String expected) {
    ObjectNode before = json(base);
    ObjectNode change = json(patch);
    ObjectNode result = StrategicMerge.apply(before, change, Schemas.of(type).root());
    assertEquals(Json.string(json(expected)), Json.string(result));
    assertEquals(json(base), before, "the base must not change");
    assertEquals(json(patch), change, "the patch must not change");
  }

  private static void pod(String base, String patch, String expected) {
    merged(
        Kinds.POD, "{'spec':" + base + "}", "{'spec':" + patch + "}", "{'spec':" + expected + "}");
  }

  private static void refused(String base, String patch) {
    assertThrows(
        PatchException.class,
        () ->
            StrategicMerge.apply(
                json("{'spec':" + base + "}"),
                json("{'spec':" + patch + "}"),
                Schemas.of(Kinds.POD).root()));
  }

  @Test
  void listsWithAKeyAreMergedElementByElement() {
    pod(
        "{'containers':[{'name':'a','image':'1'},{'name':'b','image':'1'}]}",
        "{'containers':[{'name':'b','image':'2'},{'name':'c','image':'3'}]}",
        "{'containers':[{'name':'a','image':'1'},{'name':'b','image':'2'},{'name':'c','image':'3'}]}");
  }

  @Test
  void nestedListsAreMergedByTheirOwnKeys() {
    pod(
        "{'containers':[{'name':'a','env':[{'name':'X','value':'1'}],'ports':[{'containerPort':80}]}]}",
        "{'containers':[{'name':'a','env':[{'name':'Y','value':'2'}],'ports':[{'containerPort':80,'name':'web'}]}]}",
        "{'containers':[{'name':'a','env':[{'name':'X','value':'1'},{'name':'Y','value':'2'}],'ports':[{'containerPort':80,'name':'web'}]}]}");
  }

  @Test
  void listsWithoutAKeyAreReplaced() {
    pod(
        "{'containers':[{'name':'a','args':['1','2']}]}",
        "{'containers':[{'name':'a','args':['3']}]}",
        "{'containers':[{'name':'a','args':['3']}]}");
  }

  @Test
  void nullRemovesAField() {
    pod("{'nodeName':'n','hostname':'h'}", "{'nodeName':null}", "{'hostname':'h'}");
  }

  @Test
  void elementIsDeletedByItsKey() {
    pod(
        "{'containers':[{'name':'a'},{'name':'b'}]}",
        "{'containers':[{'$patch':'delete','name':'a'}]}",
        "{'containers':[{'name':'b'}]}");
  }

  @Test
  void elementIsReplacedByItsKey() {
    pod(
        "{'containers':[{'name':'a','image':'1','tty':true}]}",
        "{'containers':[{'$patch':'replace','name':'a','image':'2'}]}",
        "{'containers':[{'name':'a','image':'2'}]}");
  }

  @Test
  void wholeListIsReplaced() {
    pod(
        "{'containers':[{'name':'a'},{'name':'b'}]}",
        "{'containers':[{'name':'c'},{'$patch':'replace'}]}",
        "{'containers':[{'name':'c'}]}");
  }

  @Test
  void objectIsReplacedOrDropped() {
    pod(
        "{'securityContext':{'runAsUser':1},'nodeSelector':{'a':'b'}}",
        "{'securityContext':{'$patch':'replace','fsGroup':2},'nodeSelector':{'$patch':'delete'}}",
        "{'securityContext':{'fsGroup':2}}");
  }

  @Test
  void retainKeysDropsTheRest() {
    merged(
        Kinds.DEPLOYMENT,
        "{'spec':{'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}}}}",
        "{'spec':{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}}",
        "{'spec':{'strategy':{'type':'Recreate'}}}");
  }

  @Test
  void retainKeysMustNameTheFieldsOfThePatch() {
    refused("{}", "{'securityContext':{'$retainKeys':['a'],'fsGroup':1}}");
  }

  @Test
  void plainValuesAreMergedAsASetAndDeletedByValue() {
    merged(
        Kinds.POD,
        "{'metadata':{'finalizers':['a','b']}}",
        "{'metadata':{'finalizers':['b','c']}}",
        "{'metadata':{'finalizers':['a','b','c']}}");
    merged(
        Kinds.POD,
        "{'metadata':{'finalizers':['a','b']}}",
        "{'metadata':{'$deleteFromPrimitiveList/finalizers':['a']}}",
        "{'metadata':{'finalizers':['b']}}");
    merged(
        Kinds.POD,
        "{'metadata':{'finalizers':['a','b']}}",
        "{'metadata':{'$deleteFromPrimitiveList/finalizers':['a'],'finalizers':['c'],'$setElementOrder/finalizers':['c','b']}}",
        "{'metadata':{'finalizers':['c','b']}}");
  }

  @Test
  void orderIsSetAndServersOwnElementsKeepTheirNeighbours() {
    pod(
        "{'containers':[{'name':'a'},{'name':'side'},{'name':'b'}]}",
        "{'$setElementOrder/containers':[{'name':'b'},{'name':'a'}],'containers':[{'name':'a','image':'2'}]}",
        "{'containers':[{'name':'b'},{'name':'a','image':'2'},{'name':'side'}]}");
  }

  @Test
  void orderAloneReorders() {
    pod(
        "{'containers':[{'name':'a'},{'name':'b'}]}",
        "{'$setElementOrder/containers':[{'name':'b'},{'name':'a'}]}",
        "{'containers':[{'name':'b'},{'name':'a'}]}");
  }

  @Test
  void orderMustNameWhatThePatchChanges() {
    refused(
        "{'containers':[{'name':'a'}]}",
        "{'$setElementOrder/containers':[{'name':'a'}],'containers':[{'name':'z'}]}");
  }

  @Test
  void elementsNeedTheirKey() {
    refused("{'containers':[]}", "{'containers':[{'image':'x'}]}");
    refused("{'containers':[{'name':'a'}]}", "{'containers':['x']}");
  }

  @Test
  void directivesNeverStayInTheResult() {
    pod(
        "{}",
        "{'containers':[{'name':'a','$setElementOrder/env':[{'name':'X'}],'env':[{'name':'X','value':'1'},{'$patch':'delete','name':'Y'}],'resources':{'$patch':'merge','limits':{'cpu':'1','memory':null}}}]}",
        "{'containers':[{'name':'a','env':[{'name':'X','value':'1'}],'resources':{'limits':{'cpu':'1'}}}]}");
  }

  @Test
  void unknownDirectivesAreRefused() {
    refused("{}", "{'securityContext':{'$patch':'explode'}}");
    refused("{}", "{'$surprise':1}");
  }

  @Test
  void mapsAndUnknownFieldsMergeDeeply() {
    merged(
        Kinds.POD,
        "{'metadata':{'labels':{'a':'1','b':'2'}},'later':{'x':1}}",
        "{'metadata':{'labels':{'b':null,'c':'3'}},'later':{'y':2}}",
        "{'metadata':{'labels':{'a':'1','c':'3'}},'later':{'x':1,'y':2}}");
  }

  @Test
  void applyingTwiceIsApplyingOnce() {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      ObjectNode base = RandomTrees.pod(random);
      ObjectNode patch = RandomTrees.pod(random);
      ObjectNode once = StrategicMerge.apply(base, patch, Schemas.of(Kinds.POD).root());
      assertEquals(
          once, StrategicMerge.apply(once, patch, Schemas.of(Kinds.POD).root()), "seed " + seed);
    }
  }

  @Test
  void patchWithItselfChangesNothing() {
    for (long seed = 1; seed <= 300; seed++) {
      ObjectNode base = RandomTrees.pod(new Random(seed));
      assertEquals(
          base, StrategicMerge.apply(base, base, Schemas.of(Kinds.POD).root()), "seed " + seed);
      assertEquals(
          base,
          StrategicMerge.apply(base, Json.object(), Schemas.of(Kinds.POD).root()),
          "seed " + seed);
    }
  }
}
