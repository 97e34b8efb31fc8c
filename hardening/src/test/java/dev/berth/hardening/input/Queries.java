package dev.berth.hardening.input;

import java.util.List;

/// What may stand behind the question mark, right and wrong, by what is asked.
final class Queries {
  static final List<String> WRITE =
      List.of(
          "",
          "",
          "",
          "",
          "dryRun=All",
          "dryRun=Some",
          "dryRun=",
          "fieldValidation=Strict",
          "fieldValidation=Warn",
          "fieldValidation=Ignore",
          "fieldValidation=x",
          "fieldManager=a",
          "fieldManager=" + "a".repeat(200),
          "fieldManager=%00",
          "pretty=true",
          "pretty=%00",
          "timeout=-1s",
          "unknown=1");
  static final List<String> APPLY =
      List.of(
          "fieldManager=a",
          "fieldManager=a&force=true",
          "fieldManager=b&force=true",
          "fieldManager=b",
          "fieldManager=c&force=maybe",
          "fieldManager=c&fieldValidation=Strict",
          "fieldManager=c&dryRun=All",
          "");
  static final List<String> DELETE =
      List.of(
          "",
          "",
          "dryRun=All",
          "gracePeriodSeconds=0",
          "gracePeriodSeconds=-1",
          "gracePeriodSeconds=99999999999999999999",
          "gracePeriodSeconds=x",
          "propagationPolicy=Foreground",
          "propagationPolicy=Orphan",
          "propagationPolicy=x",
          "orphanDependents=true",
          "orphanDependents=true&propagationPolicy=Background");
  static final List<String> LIST =
      List.of(
          "",
          "limit=1",
          "limit=-1",
          "limit=1&continue=nonsense",
          "limit=1&continue=e30",
          "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiIn0",
          "limit=99999999999999999999",
          "resourceVersion=1",
          "resourceVersion=-1",
          "resourceVersion=x",
          "resourceVersion=0&resourceVersionMatch=Exact",
          "resourceVersion=99999999&resourceVersionMatch=NotOlderThan",
          "resourceVersion=1&resourceVersionMatch=Exact",
          "resourceVersionMatch=x",
          "labelSelector=a%3Db",
          "labelSelector=a%20in%20(b,c),!d",
          "labelSelector=a%20in%20(",
          "labelSelector=%21%21",
          "labelSelector=" + "a%2C".repeat(500),
          "fieldSelector=metadata.name%3Dn1",
          "fieldSelector=metadata.namespace!%3Ddefault",
          "fieldSelector=spec.nothing%3Dx",
          "fieldSelector=%3D%3D",
          "fieldSelector=metadata.name",
          "sendInitialEvents=true",
          "timeoutSeconds=-1",
          "shardSelector=x");
  static final List<String> WATCH =
      List.of(
          "",
          "resourceVersion=1",
          "resourceVersion=0",
          "resourceVersion=99999999",
          "resourceVersion=x",
          "limit=x",
          "allowWatchBookmarks=true",
          "allowWatchBookmarks=maybe",
          "sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan",
          "sendInitialEvents=true",
          "resourceVersionMatch=Exact&resourceVersion=1",
          "labelSelector=a%3Db",
          "fieldSelector=metadata.name%3Dn1",
          "fieldSelector=x");
  static final List<String> LOG =
      List.of(
          "",
          "container=main",
          "container=none",
          "container=",
          "tailLines=-1",
          "tailLines=0",
          "limitBytes=0",
          "limitBytes=x",
          "sinceSeconds=-5",
          "sinceTime=yesterday",
          "sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z",
          "previous=true",
          "timestamps=x",
          "stream=Both");
  static final List<String> STREAM =
      List.of(
          "",
          "command=sh&stdin=true&stdout=true",
          "container=none&command=%00&tty=true",
          "ports=0",
          "ports=x",
          "path=%2F..%2F..");

  private Queries() {}
}
