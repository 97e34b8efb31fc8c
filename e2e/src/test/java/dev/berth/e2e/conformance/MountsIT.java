package dev.berth.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a container finds in its volumes.
class MountsIT extends WithPods {
  /// Every file below the working directory: its path, mode, owner, group and text.
  private static final String LIST =
      "for f in $(find -L . -name \"..*\" -prune -o -type f -print | sort);"
          + " do echo \"$f $(stat -Lc \"%a %u %g\" $f) $(cat $f)\"; done";

  private static final String MOUNT = "volumeMounts: [{name: v, mountPath: /v}]\n";

  /// Where the files come from: the ConfigMap or the Secret `files`, by itself or projected.
  private enum Source {
    CONFIG_MAP,
    SECRET,
    PROJECTED_CONFIG_MAP,
    PROJECTED_SECRET;

    boolean isSecret() {
      return this == SECRET || this == PROJECTED_SECRET;
    }

    String path() {
      return "/api/v1/namespaces/default/" + (isSecret() ? "secrets" : "configmaps");
    }

    /// @param ofVolume fields such as `defaultMode: 256`
    /// @param ofSource fields such as `optional: true`
    String volume(String ofVolume, String ofSource) {
      return switch (this) {
        case CONFIG_MAP ->
            "{name: v, configMap: " + fields("name: files", ofVolume, ofSource) + "}";
        case SECRET -> "{name: v, secret: " + fields("secretName: files", ofVolume, ofSource) + "}";
        case PROJECTED_CONFIG_MAP -> projected("configMap", ofVolume, ofSource);
        case PROJECTED_SECRET -> projected("secret", ofVolume, ofSource);
      };
    }

    private static String projected(String source, String ofVolume, String ofSource) {
      String sources = "sources: [{" + source + ": " + fields("name: files", ofSource) + "}]";
      return "{name: v, projected: " + fields(sources, ofVolume) + "}";
    }

    private static String fields(String... fields) {
      return Stream.of(fields)
          .filter(field -> !field.isEmpty())
          .collect(Collectors.joining(", ", "{", "}"));
    }

    String expected(String modeAndOwners) {
      return "./binary %s A\u00ff\n./text %s some\n".formatted(modeAndOwners, modeAndOwners);
    }
  }

  MountsIT() {
    super("mounts");
  }

  @BeforeAll
  void makeSources() throws IOException {
    wire.postYaml(
            Source.CONFIG_MAP.path(),
            "{apiVersion: v1, kind: ConfigMap, metadata: {name: files}, data: {text: some},"
                + " binaryData: {binary: QcO/}}")
        .is(201);
    wire.postYaml(
            Source.SECRET.path(),
            "{apiVersion: v1, kind: Secret, metadata: {name: files}, data: {text: c29tZQ==, binary: QcO/}}")
        .is(201);
  }

  @Test
  @Tag("conformance:configmap-volume/1")
  @Tag("conformance:configmap-volume/3")
  @Tag("conformance:configmap-volume/4")
  @Tag("conformance:configmap-volume/9")
  @Tag("conformance:projected/3")
  @Tag("conformance:projected/4")
  @Tag("conformance:projected/8")
  @Tag("conformance:projected/23")
  @Tag("conformance:projected/28")
  @Tag("conformance:secret-volume/3")
  @Tag("conformance:secret-volume/8")
  void mapsAndSecretsAreFiles() throws IOException, InterruptedException {
    for (Source source : Source.values()) {
      String all = source.expected("644 0 0");
      assertEquals(all, listed(source.volume("", ""), ""), source::name);
      assertEquals(
          all, listed(source.volume("", ""), "securityContext: {runAsUser: 1001}"), source::name);
      assertEquals(
          all + all,
          pods.says(
              "volumes: [" + source.volume("", "") + "]",
              "command: [sh, -c, 'cd /v; "
                  + LIST
                  + "; cd /w; "
                  + LIST
                  + "']\nvolumeMounts: [{name: v, mountPath: /v}, {name: v, mountPath: /w}]"),
          source::name);
    }
  }

  @Test
  @Tag("conformance:configmap-volume/5")
  @Tag("conformance:projected/5")
  @Tag("conformance:projected/25")
  @Tag("conformance:secret-volume/5")
  void filesHaveTheModeThatIsAsked() throws IOException, InterruptedException {
    for (Source source : Source.values()) {
      assertEquals(
          source.expected("400 0 0"),
          listed(source.volume("defaultMode: 256", ""), ""),
          source::name);
    }
  }

  @Test
  @Tag("conformance:configmap-volume/6")
  @Tag("conformance:configmap-volume/7")
  @Tag("conformance:configmap-volume/8")
  @Tag("conformance:projected/6")
  @Tag("conformance:projected/7")
  @Tag("conformance:projected/8")
  @Tag("conformance:projected/26")
  @Tag("conformance:projected/27")
  @Tag("conformance:secret-volume/6")
  @Tag("conformance:secret-volume/7")
  void keysAreMappedToPaths() throws IOException, InterruptedException {
    for (Source source : Source.values()) {
      String items = "items: [{key: text, path: far/away, mode: 292}]";
      assertEquals("./far/away 444 0 0 some\n", listed(source.volume("", items), ""), source::name);
      assertEquals(
          "./far/away 644 0 0 some\n",
          listed(
              source.volume("", "items: [{key: text, path: far/away}]"),
              "securityContext: {runAsUser: 1001}"),
          source::name);
    }
  }

  @Test
  @Tag("conformance:projected/24")
  @Tag("conformance:secret-volume/4")
  void aGroupOfThePodMayRead() throws IOException, InterruptedException {
    for (Source source : new Source[] {Source.SECRET, Source.PROJECTED_SECRET}) {
      assertEquals(
          source.expected("440 0 1002"),
          pods.says(
              "securityContext: {fsGroup: 1002}\nvolumes: ["
                  + source.volume("defaultMode: 288", "")
                  + "]",
              command("cd /v; " + LIST) + "securityContext: {runAsUser: 1001}\n" + MOUNT),
          source::name);
    }
  }

  @Test
  @Tag("conformance:secret-volume/2")
  void aSecretOfAnotherNamespaceIsAnother() throws IOException, InterruptedException {
    wire.postYaml(
            "/api/v1/namespaces", "{apiVersion: v1, kind: Namespace, metadata: {name: other}}")
        .is(201);
    wire.postYaml(
            "/api/v1/namespaces/other/secrets",
            "{apiVersion: v1, kind: Secret, metadata: {name: files}, stringData: {text: theirs}}")
        .is(201);
    assertEquals(Source.SECRET.expected("644 0 0"), listed(Source.SECRET.volume("", ""), ""));
  }

  @Test
  @Tag("conformance:configmap-volume/10")
  @Tag("conformance:secret-volume/9")
  void whatIsImmutableStays() throws IOException, InterruptedException {
    for (String kind : new String[] {"configmaps", "secrets"}) {
      String path = "/api/v1/namespaces/default/" + kind;
      wire.postYaml(path, "{metadata: {name: fixed}, data: {a: YQ==}, immutable: true}").is(201);
      wire.merge(path + "/fixed", "{\"data\":{\"a\":\"Yg==\"}}").is(422);
      wire.merge(path + "/fixed", "{\"immutable\":false}").is(422);
      wire.merge(path + "/fixed", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}").ok();
      wire.delete(path + "/fixed").ok();
    }
  }

  @Test
  @Tag("conformance:configmap-volume/2")
  @Tag("conformance:configmap-volume/11")
  @Tag("conformance:projected/2")
  @Tag("conformance:projected/10")
  @Tag("conformance:projected/22")
  @Tag("conformance:secret-volume/1")
  void changesArriveInRunningPods() throws IOException, InterruptedException {
    for (Source source : Source.values()) {
      String path = source.path() + "/live";
      String name =
          pods.create(
              "volumes: [" + source.volume("", "optional: true").replace("files", "live") + "]",
              command(
                      "until [ -e /v/a ]; do sleep 0.1; done; cat /v/a; echo;"
                          + " until grep -q two /v/a; do sleep 0.1; done; cat /v/a; echo;"
                          + " while [ -e /v/a ]; do sleep 0.1; done; echo gone")
                  + MOUNT);
      pods.await(name, p -> p.at("/status/phase").asString("").equals("Running"));
      wire.postYaml(source.path(), "{metadata: {name: live}, data: {a: b25lCg==}}").is(201);
      pods.awaitSaid(name, source.isSecret() ? "one" : "b25lCg==");
      wire.merge(
              path,
              source.isSecret()
                  ? "{\"data\":{\"a\":\"dHdvCg==\"}}"
                  : "{\"data\":{\"a\":\"two\\n\"}}")
          .ok();
      pods.awaitSaid(name, "two");
      wire.delete(path).ok();
      assertTrue(pods.ended(name).log().endsWith("gone\n"), source::name);
    }
  }

  @Test
  @Tag("conformance:downward-api-volume/1")
  @Tag("conformance:downward-api-volume/2")
  @Tag("conformance:downward-api-volume/3")
  @Tag("conformance:downward-api-volume/4")
  @Tag("conformance:downward-api-volume/7")
  @Tag("conformance:downward-api-volume/8")
  @Tag("conformance:downward-api-volume/9")
  @Tag("conformance:projected/11")
  @Tag("conformance:projected/12")
  @Tag("conformance:projected/13")
  @Tag("conformance:projected/14")
  @Tag("conformance:projected/17")
  @Tag("conformance:projected/18")
  @Tag("conformance:projected/19")
  void aPodReadsItselfFromFiles() throws IOException, InterruptedException {
    String items =
        """
        items: [
        {path: name, fieldRef: {fieldPath: metadata.name}, mode: 256},
        {path: cpu-limit, resourceFieldRef: {containerName: main, resource: limits.cpu, divisor: 1m}},
        {path: cpu-request, resourceFieldRef: {containerName: main, resource: requests.cpu, divisor: 1m}},
        {path: memory-limit, resourceFieldRef: {containerName: main, resource: limits.memory}},
        {path: memory-request, resourceFieldRef: {containerName: main, resource: requests.memory, divisor: 1Mi}}]\
        """;
    for (String volume :
        new String[] {
          "{name: v, downwardAPI: {defaultMode: 420, " + items + "}}",
          "{name: v, projected: {defaultMode: 420, sources: [{downwardAPI: {" + items + "}}]}}"
        }) {
      ScriptPods.Ended ended =
          pods.run(
              "volumes: [" + volume + "]",
              command("cd /v; " + LIST)
                  + MOUNT
                  + "resources: {limits: {cpu: 500m, memory: 64Mi}, requests: {cpu: 10m, memory: 32Mi}}\n");
      assertEquals(
          """
          ./cpu-limit 644 0 0 500
          ./cpu-request 644 0 0 10
          ./memory-limit 644 0 0 67108864
          ./memory-request 644 0 0 32
          ./name 400 0 0 NAME
          """
              .replace("NAME", ended.pod().at("/metadata/name").asString()),
          ended.log());
    }
  }

  @Test
  @Tag("conformance:downward-api-volume/5")
  @Tag("conformance:downward-api-volume/6")
  @Tag("conformance:projected/15")
  @Tag("conformance:projected/16")
  void withoutALimitAFileSaysWhatTheNodeHas() throws IOException, InterruptedException {
    JsonNode has = wire.get("/api/v1/nodes/" + host.nodeName()).ok().at("/status/allocatable");
    String items =
        "items: [{path: cpu, resourceFieldRef: {containerName: main, resource: limits.cpu}},"
            + " {path: memory, resourceFieldRef: {containerName: main, resource: limits.memory, divisor: 1Ki}}]";
    for (String volume :
        new String[] {
          "{name: v, downwardAPI: {" + items + "}}",
          "{name: v, projected: {sources: [{downwardAPI: {" + items + "}}]}}"
        }) {
      assertEquals(
          "./cpu 644 0 0 CPU\n./memory 644 0 0 MEM\n"
              .replace("CPU", has.path("cpu").asString())
              .replace("MEM", has.path("memory").asString().replace("Ki", "")),
          listed(volume, ""));
    }
  }

  @Test
  @Tag("conformance:downward-api-volume/10")
  @Tag("conformance:downward-api-volume/11")
  @Tag("conformance:projected/20")
  @Tag("conformance:projected/21")
  void labelsAndNotesChangeInFiles() throws IOException, InterruptedException {
    String items =
        "items: [{path: labels, fieldRef: {fieldPath: metadata.labels}},"
            + " {path: notes, fieldRef: {fieldPath: metadata.annotations}}]";
    for (String volume :
        new String[] {
          "{name: v, downwardAPI: {" + items + "}}",
          "{name: v, projected: {sources: [{downwardAPI: {" + items + "}}]}}"
        }) {
      String name =
          pods.create(
              "volumes: [" + volume + "]",
              command(
                      "cat /v/labels; echo; cat /v/notes; echo; until grep -q new /v/labels && grep -q new /v/notes;"
                          + " do sleep 0.1; done; cat /v/labels")
                  + MOUNT);
      pods.awaitSaid(name, "note=\"two words\"");
      wire.merge(
              ScriptPods.PODS + "/" + name,
              "{\"metadata\":{\"labels\":{\"l\":\"new\"},\"annotations\":{\"a\":\"new\"}}}")
          .ok();
      String log = pods.ended(name).log();
      assertTrue(log.contains("l=\"new\"\nodd=\"yes\"\ntier=\"test\""), log);
    }
  }

  @Test
  @Tag("conformance:projected/1")
  void manySourcesAreOneVolume() throws IOException, InterruptedException {
    assertEquals(
        "./c/text 644 0 0 some\n./d 644 0 0 default\n./s/text 644 0 0 some\n",
        listed(
            """
            {name: v, projected: {sources: [
            {configMap: {name: files, items: [{key: text, path: c/text}]}},
            {secret: {name: files, items: [{key: text, path: s/text}]}},
            {downwardAPI: {items: [{path: d, fieldRef: {fieldPath: metadata.namespace}}]}}]}}\
            """,
            ""));
  }

  @Test
  @Tag("conformance:emptydir/2")
  @Tag("conformance:emptydir/3")
  @Tag("conformance:emptydir/4")
  @Tag("conformance:emptydir/5")
  @Tag("conformance:emptydir/6")
  @Tag("conformance:emptydir/7")
  @Tag("conformance:emptydir/8")
  @Tag("conformance:emptydir/9")
  @Tag("conformance:emptydir/10")
  @Tag("conformance:emptydir/11")
  @Tag("conformance:emptydir/12")
  @Tag("conformance:emptydir/13")
  @Tag("conformance:emptydir/14")
  @Tag("conformance:emptydir/15")
  void emptyDirectoriesAreForEverybody() throws IOException, InterruptedException {
    for (String medium : new String[] {"", "medium: Memory"}) {
      for (int user : new int[] {0, 1001}) {
        String says =
            pods.says(
                "volumes: [{name: v, emptyDir: {" + medium + "}}]",
                command(
                        "stat -c %a /v; grep \" /v \" /proc/mounts | cut -d\" \" -f3;"
                            + " for m in 644 666 777; do echo $m > /v/$m; chmod $m /v/$m; stat -c \"%a %u\" /v/$m;"
                            + " cat /v/$m; done")
                    + "securityContext: {runAsUser: "
                    + user
                    + "}\n"
                    + MOUNT);
        String[] lines = says.split("\n", 3);
        assertEquals("777", lines[0], says);
        assertEquals(!medium.isEmpty(), lines[1].equals("tmpfs"), says);
        assertEquals("644 U\n644\n666 U\n666\n777 U\n777\n".replace("U", "" + user), lines[2]);
      }
    }
  }

  @Test
  @Tag("conformance:emptydir/1")
  void containersShareADirectory() throws IOException, InterruptedException {
    String other =
        "{name: other, image: 'default/shell:1', command: [sh, -c, 'echo shared > /v/a'],"
            + " volumeMounts: [{name: v, mountPath: /v}]}";
    assertEquals(
        "shared\n",
        pods.saysBeside(
            "volumes: [{name: v, emptyDir: {}}]",
            command("until [ -s /v/a ]; do sleep 0.1; done; cat /v/a") + MOUNT,
            other));
  }

  @Test
  @Tag("conformance:emptydir/16")
  @Tag("conformance:emptydir/17")
  void manyVolumesDoNotMeet() throws IOException, InterruptedException {
    StringBuilder volumes =
        new StringBuilder("volumes:\n- {name: v, secret: {secretName: files}}\n");
    StringBuilder mounts = new StringBuilder("volumeMounts:\n- {name: v, mountPath: /v}\n");
    for (int i = 0; i < 50; i++) {
      volumes.append("- {name: m%d, configMap: {name: files}}\n".formatted(i));
      mounts.append("- {name: m%d, mountPath: /m/%d}\n".formatted(i, i));
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      names.add(
          pods.create(
              volumes.toString(),
              command("for f in /m/*/text /v/text; do cat $f; echo; done | sort | uniq -c")
                  + mounts));
    }
    for (String name : names) {
      assertEquals("51 some", pods.ended(name).log().strip());
    }
  }

  @Test
  @Tag("conformance:subpath/1")
  @Tag("conformance:subpath/2")
  @Tag("conformance:subpath/3")
  @Tag("conformance:subpath/4")
  @Tag("conformance:subpath/5")
  @Tag("conformance:variable-expansion/4")
  @Tag("conformance:variable-expansion/7")
  void aPartOfAVolumeIsMounted() throws IOException, InterruptedException {
    String volumes =
        """
        volumes:
        - {name: c, configMap: {name: files}}
        - {name: s, secret: {secretName: files}}
        - {name: d, downwardAPI: {items: [{path: in/name, fieldRef: {fieldPath: metadata.namespace}}]}}
        - {name: p, projected: {sources: [{configMap: {name: files}}]}}
        - {name: e, emptyDir: {}}
        """;
    assertEquals(
        "some\nsome\nsome\ndefault\nsome\nwritten\n",
        pods.says(
            volumes,
            command(
                    "for f in /a /etc/passwd /s /d /p; do cat $f; echo; done | grep .;"
                        + " echo written > /own/file; cat /all/default/file")
                + """
                env: [{name: NS, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}]
                volumeMounts:
                - {name: c, mountPath: /a, subPath: text}
                - {name: c, mountPath: /etc/passwd, subPath: text}
                - {name: s, mountPath: /s, subPath: text}
                - {name: d, mountPath: /d, subPath: in/name}
                - {name: p, mountPath: /p, subPath: text}
                - {name: e, mountPath: /all}
                - {name: e, mountPath: /own, subPathExpr: $(NS)}
                """));
  }

  @Test
  @Tag("conformance:variable-expansion/5")
  void aPathOutOfAVolumeIsRefused() throws IOException, InterruptedException {
    for (String part :
        new String[] {"subPathExpr: /absolute", "subPath: ../out", "subPath: a/../../out"}) {
      pods.refused(
          "spec.containers[0].volumeMounts[0].subPath",
          "volumes: [{name: v, emptyDir: {}}]",
          "volumeMounts: [{name: v, mountPath: /v, " + part + "}]");
    }
  }

  private static String command(String script) {
    return "command: [sh, -c, '" + script + "']\n";
  }

  private String listed(String volume, String containerFields)
      throws IOException, InterruptedException {
    return pods.says(
        "volumes: [" + volume + "]", command("cd /v; " + LIST) + MOUNT + containerFields);
  }
}
