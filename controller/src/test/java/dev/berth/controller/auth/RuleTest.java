package dev.berth.controller.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {
  private static Rule rule(String verbs, String groups, String resources, String names) {
    String json =
        "{\"verbs\":[%s],\"apiGroups\":[%s],\"resources\":[%s],\"resourceNames\":[%s]}"
            .formatted(quoted(verbs), quoted(groups), quoted(resources), quoted(names));
    return Rule.of(Json.parse(json));
  }

  private static String quoted(String words) {
    return words.isEmpty() ? "" : "\"" + String.join("\",\"", words.split(" ", -1)) + "\"";
  }

  private static Rule path(String pattern) {
    return Rule.of(Json.parse("{\"verbs\":[\"get\"],\"nonResourceURLs\":[\"" + pattern + "\"]}"));
  }

  private static Attributes.OnResource on(String verb, String group, String resource, String name) {
    int slash = resource.indexOf('/');
    return new Attributes.OnResource(
        verb,
        group,
        slash < 0 ? resource : resource.substring(0, slash),
        "default",
        name,
        slash < 0 ? "" : resource.substring(slash + 1),
        FieldSelector.EVERYTHING);
  }

  @ParameterizedTest
  @CsvSource({
    "pods,      pods,     true",
    "pods,      pods/log, false",
    "pods/log,  pods/log, true",
    "pods/log,  pods,     false",
    "*/log,     pods/log, true",
    "*/log,     pods,     false",
    "*,         pods/log, true",
    "pods/*,    pods/log, false",
  })
  void aResourceIsNamedExactlyOrWithAStarForAll(String given, String asked, boolean allowed) {
    assertEquals(allowed, rule("get", "apps", given, "").allows(on("get", "apps", asked, "a")));
  }

  @Test
  void aRuleWithNamesAllowsThoseAndNoCollection() {
    Rule rule = rule("get list", "apps", "deployments", "web");
    assertTrue(rule.allows(on("get", "apps", "deployments", "web")));
    assertFalse(rule.allows(on("get", "apps", "deployments", "other")));
    assertFalse(rule.allows(on("list", "apps", "deployments", "")));
  }

  @Test
  void verbAndGroupMustFitToo() {
    Rule rule = rule("get", "apps", "deployments", "");
    assertFalse(rule.allows(on("delete", "apps", "deployments", "web")));
    assertFalse(rule.allows(on("get", "batch", "deployments", "web")));
  }

  @ParameterizedTest
  @CsvSource({
    "/healthz,/healthz,true",
    "/healthz,/healthz/x,false",
    "/api/*,/api/v1,true",
    "*,/x,true"
  })
  void aPathIsNamedExactlyOrByItsBeginning(String pattern, String asked, boolean allowed) {
    assertEquals(allowed, path(pattern).allows(new Attributes.OnPath("get", asked)));
  }

  @ParameterizedTest
  @CsvSource({
    "get list, '',   pods,  '',  get,      '', pods,     '',  true",
    "get list, '',   pods,  '',  get watch, '', pods,     '',  false",
    "get,      '',   pods,  '',  get,      '', pods,     web, true",
    "get,      '',   pods,  web, get,      '', pods,     '',  false",
    "get,      '',   pods,  web, get,      '', pods,     web, true",
    "get,      '',   pods,  '',  get,      '', pods/log, '',  false",
    "get,      '',   */log, '',  get,      '', pods/log, '',  true",
    "'*',      '*',  '*',   '',  get,      '', pods,     '',  true",
    "get,      '',   pods,  '',  '*',      '', pods,     '',  false",
  })
  void nobodyGivesMoreThanItHas(
      String verbs,
      String groups,
      String resources,
      String names,
      String otherVerbs,
      String otherGroups,
      String otherResources,
      String otherNames,
      boolean covered) {
    // An empty group is that of the core kinds, so it is written as one empty word.
    Rule held = core(rule(verbs, groups, resources, names), groups);
    Rule wanted = core(rule(otherVerbs, otherGroups, otherResources, otherNames), otherGroups);
    assertEquals(covered, Rule.beyond(List.of(held), List.of(wanted)).isEmpty());
  }

  private static Rule core(Rule rule, String groups) {
    return groups.isEmpty()
        ? new Rule(rule.verbs(), java.util.Set.of(""), rule.resources(), rule.names(), rule.paths())
        : rule;
  }

  @Test
  void whatIsMissingIsNamedPartByPart() {
    List<Rule> held = List.of(rule("get", "apps", "deployments", ""));
    List<Rule> wanted = List.of(rule("get delete", "apps", "deployments", ""));
    assertEquals(
        "[{APIGroups:[\"apps\"], Resources:[\"deployments\"], Verbs:[\"delete\"]}]",
        Rule.beyond(held, wanted).toString());
  }
}
