package dev.berth.api.gitops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.codec.Manifests;
import dev.berth.api.codec.StrictDecoder;
import dev.berth.api.schema.FieldError;
import dev.berth.api.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class GitRepositoryTest {
  private static final String MINIMAL =
      """
      apiVersion: berth.dev/v1alpha1
      kind: GitRepository
      metadata: {name: apps, namespace: shop, creationTimestamp: "2026-01-01T00:00:00Z"}
      spec: {url: "https://git.example.com/team/apps.git", path: ./clusters//prod/}
      """;

  private static ObjectNode yaml(String text) {
    var manifest = Manifests.parse("sample.yaml", text.getBytes(StandardCharsets.UTF_8)).getFirst();
    assertEquals(List.of(), StrictDecoder.check(manifest));
    return manifest.tree();
  }

  private static ObjectNode withSpec(String spec) {
    ObjectNode object = yaml(MINIMAL);
    Json.ensure(object, "spec").setAll(tree(spec));
    return object;
  }

  private static ObjectNode tree(String text) {
    return Manifests.parse("spec.yaml", text.getBytes(StandardCharsets.UTF_8)).getFirst().tree();
  }

  private static String errors(ObjectNode object) {
    return Schemas.of(GroupVersionKind.of(object)).orElseThrow().validate(object).stream()
        .map(FieldError::toString)
        .collect(Collectors.joining("\n"));
  }

  @Test
  void sixLinesHaveTheDocumentedDefaults() {
    ObjectNode object = yaml(MINIMAL);
    assertEquals("", errors(object));
    GitRepository read = GitRepository.read(object);
    GitRepositorySpec spec = read.spec();
    assertEquals(new GitRef.DefaultBranch(), spec.ref());
    assertEquals("clusters/prod", spec.path());
    assertEquals(Duration.ofMinutes(1), spec.interval());
    assertEquals(Duration.ofMinutes(5), spec.timeout());
    assertEquals(512L << 20, spec.maxSizeBytes());
    assertEquals(10, spec.historyLimit());
    assertEquals(
        new SyncSpec(
            false,
            true,
            true,
            new SyncSpec.Prune(true, 10, 30, Set.of("Namespace", "PersistentVolumeClaim")),
            false,
            List.of(),
            false),
        spec.sync());
    assertEquals(Optional.empty(), spec.serviceAccountName());
  }

  @Test
  void everyFieldIsRead() {
    GitRepositorySpec spec =
        GitRepository.read(
                withSpec(
                    """
                    ref: {semver: ">=1.2 <2"}
                    exclude: ["**/test/**"]
                    secretRef: {name: creds}
                    interval: 0s
                    webhook: {secretRef: {name: hook}}
                    maxSize: 1Mi
                    timeout: 90s
                    verify: {mode: TagAndHEAD, secretRef: {name: signers}}
                    substitute: {REGION: eu}
                    sync:
                      mode: manual
                      selfHeal: false
                      wait: false
                      prune: {enabled: false, maxDeletions: 0, maxPercent: 100, confirmKinds: []}
                      onDelete: delete
                      dependsOn: [{name: base}]
                      onFailure: rollback
                    serviceAccountName: deployer
                    suspend: true
                    historyLimit: 3
                    """))
            .spec();
    assertEquals(new GitRef.Semver(">=1.2 <2"), spec.ref());
    assertEquals(Optional.of("hook"), spec.webhookSecret());
    assertTrue(spec.interval().isZero());
    assertEquals(1 << 20, spec.maxSizeBytes());
    assertEquals(
        Optional.of(
            new GitRepositorySpec.Verify(GitRepositorySpec.Verify.Mode.TAG_AND_HEAD, "signers")),
        spec.verify());
    assertEquals(
        new SyncSpec(
            true,
            false,
            false,
            new SyncSpec.Prune(false, 0, 100, Set.of()),
            true,
            List.of("base"),
            true),
        spec.sync());
    assertTrue(spec.suspend());
    assertEquals(3, spec.historyLimit());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "url: git@git.example.com:team/apps.git | write it as ssh://git@git.example.com/team/apps.git",
        "url: https://me:secret@git.example.com/a.git | spec.url: Invalid value: \"https://...@git.example.com/a.git\": must not have credentials: put username and password into a Secret and name it in spec.secretRef",
        "url: oci://git.example.com/a | must begin with https://",
        "url: https://git.example.com | must name a host and a path",
        "url: \"https://git.example.com/a.git?ref=main\" | branch and tag belong into spec.ref",
        "ref: {branch: main, tag: v1} | spec.ref: Forbidden: at most one of branch, tag, semver and commit: found [branch, tag]",
        "ref: {branch: refs/heads/main} | is written without refs/heads/",
        "ref: {tag: \"a..b\"} | is no name of a Git reference",
        "ref: {commit: abc} | spec.ref.commit",
        "path: ../other | must stay inside the repository: remove ..",
        "path: /abs | spec.path",
        "interval: 0s | there is no spec.webhook: add one, or set an interval",
        "interval: 500ms | must be at least 1s and at most 24h",
        "timeout: 2h | must be at least 1s and at most 1h",
        "maxSize: \"0\" | must be more than 0, at most 16Gi",
        "verify: {mode: Tag, secretRef: {name: a}} | set spec.ref.tag or spec.ref.semver, or use HEAD",
        "substitute: {a-b: c} | must be a letter or _",
        "sync: {dependsOn: [{name: apps}]} | must not be the repository itself",
        "sync: {dependsOn: [{name: a}, {name: a}]} | Duplicate value: \"a\"",
        "sync: {prune: {maxPercent: 101}} | spec.sync.prune.maxPercent",
        "exclude: [/a] | must be a glob relative to spec.path"
      })
  void whatIsWrongIsSaidWithItsFix(String spec, String message) {
    String errors = errors(withSpec(spec));
    assertTrue(errors.contains(message), errors);
  }

  @Test
  void aRowTellsTwoWordsThatDoNotDependOnEachOther() {
    ObjectNode object = yaml(MINIMAL);
    assertEquals("apps | Unknown | Unknown | Unknown |  |  | 90m | ", row(object));
    object.set(
        "status",
        tree(
            """
            appliedRevision: main@sha1:3f2a91c0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6
            summary: {total: 25, healthy: 24}
            conditions:
            - {type: Ready, status: "False", reason: Degraded, message: "Deployment web: 1/3 ready"}
            - {type: Synced, status: "True"}
            - {type: Healthy, status: "False", reason: Degraded}
            """));
    assertEquals(
        "apps | False | Synced | Degraded | main@3f2a91c | 24/25 | 90m | Deployment web: 1/3 ready",
        row(object));
  }

  private static String row(ObjectNode object) {
    Instant now = Instant.parse("2026-01-01T01:30:00Z");
    return Schemas.of(Kinds.GIT_REPOSITORY).columns().stream()
        .filter(column -> column.priority() == 0)
        .map(column -> String.valueOf(column.cell(object, now)))
        .collect(Collectors.joining(" | "));
  }
}
