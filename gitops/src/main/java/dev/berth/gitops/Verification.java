package dev.berth.gitops;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.gitops.GitRepository;
import dev.berth.api.gitops.GitRepositorySpec.Verify;
import dev.berth.gitops.port.Secrets;
import dev.berth.gitops.signature.Signers;
import dev.berth.gitops.signature.Signers.Unsigned;
import dev.berth.gitops.source.CommitFiles;
import dev.berth.gitops.source.Revision;
import dev.berth.gitops.sync.StatusReport;
import dev.berth.gitops.sync.Target;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Asks for the signatures that a repository wants, and tells how it went.
final class Verification {
  private static final int MOST_BYTES = 1 << 20;

  private Verification() {}

  /// Whether the target may be applied; without `spec.verify` always.
  ///
  /// @param seen the target as the remote has it; empty where it was not asked since the start, or
  ///   for a target of before
  static boolean passes(
      GitRepository repository,
      JsonNode status,
      Target target,
      Optional<Revision> seen,
      CommitFiles files,
      Secrets secrets,
      StatusReport report) {
    Optional<Verify> verify = repository.spec().verify();
    if (verify.isEmpty()) {
      report.without("Verified");
      return true;
    }
    ObjectKey key = new ObjectKey(repository.namespace(), verify.get().secretRef());
    Optional<Map<String, byte[]>> keys = secrets.read(key);
    if (keys.isEmpty()) {
      return refused(report, "NoKeys", "spec.verify: there is no Secret " + key + ": create it");
    }
    try {
      String by = signer(verify.get().mode(), new Signers(keys.get()), status, target, seen, files);
      report.condition("Verified", true, "Verified", by);
      return true;
    } catch (Unsigned e) {
      return refused(report, e.reason(), String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return refused(report, "BadSignature", String.valueOf(e.getMessage()));
    }
  }

  private static boolean refused(StatusReport report, String reason, String message) {
    report.condition("Verified", false, reason, message);
    report.broken(reason, message);
    return false;
  }

  private static String signer(
      Verify.Mode mode,
      Signers signers,
      JsonNode status,
      Target target,
      Optional<Revision> seen,
      CommitFiles files)
      throws Unsigned, IOException {
    StringBuilder by = new StringBuilder();
    if (mode != Verify.Mode.TAG) {
      by.append("commit signed by ").append(signers.ofCommit(files.rawCommit()));
    }
    if (mode != Verify.Mode.HEAD) {
      by.append(by.isEmpty() ? "" : ", ").append(tag(signers, status, target, seen, files));
    }
    return by.toString();
  }

  /// A tag is looked at when it leads here; a revision that was applied before had a good one.
  private static String tag(
      Signers signers, JsonNode status, Target target, Optional<Revision> seen, CommitFiles files)
      throws Unsigned, IOException {
    if (seen.isPresent()) {
      return "tag signed by " + signers.ofTag(files.raw(annotated(seen.get()), MOST_BYTES));
    }
    if (wasApplied(status, target)) {
      return "tag checked when " + target.revision() + " was applied first";
    }
    throw new Unsigned(
        "NotSigned",
        "which tag led to " + target.revision() + " is not known until the remote answers");
  }

  private static String annotated(Revision revision) throws Unsigned {
    return revision
        .tag()
        .orElseThrow(
            () ->
                new Unsigned(
                    "NotSigned",
                    revision.name()
                        + " is a lightweight tag: it only points to a commit, and there is no"
                        + " place for a signature; make a signed one of it: git tag -s -f "
                        + revision.name()
                        + " "
                        + revision.commit()
                        + " && git push -f origin "
                        + revision.name()));
  }

  private static boolean wasApplied(JsonNode status, Target target) {
    return Json.text(status, "appliedRevision").equals(target.revision())
        || status
            .path("history")
            .valueStream()
            .anyMatch(
                each ->
                    Json.text(each, "revision").equals(target.revision())
                        && Json.text(each, "result").equals("Succeeded"));
  }
}
