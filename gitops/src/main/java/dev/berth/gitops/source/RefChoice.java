package dev.berth.gitops.source;

import dev.berth.api.Nearest;
import dev.berth.api.gitops.GitRef;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;

/// Which of a remote's references is meant. Pure.
final class RefChoice {
  private RefChoice() {}

  /// A reference of the remote.
  ///
  /// @param name as people say it: `main`, `v1.2.0`, `commit`
  /// @param from what to fetch: the full name of a reference, or a commit's id
  /// @param id what the reference holds: a commit, or an annotated tag
  record Chosen(String name, String from, ObjectId id) {}

  static Chosen choose(GitRef wanted, Map<String, Ref> refs) throws SourceException {
    return switch (wanted) {
      case GitRef.DefaultBranch _ -> head(refs);
      case GitRef.Branch branch -> named(refs, Constants.R_HEADS, branch.name(), "branch");
      case GitRef.Tag tag -> named(refs, Constants.R_TAGS, tag.name(), "tag");
      case GitRef.Semver semver -> newest(refs, semver.range());
      case GitRef.Commit commit ->
          new Chosen("commit", commit.id(), ObjectId.fromString(commit.id()));
    };
  }

  private static Chosen head(Map<String, Ref> refs) throws SourceException {
    Ref head = refs.get(Constants.HEAD);
    if (head == null || head.getObjectId() == null) {
      throw new SourceException(
          SourceException.REF_NOT_FOUND,
          refs.isEmpty()
              ? "the repository is empty: push a commit"
              : "the remote's HEAD names no branch: set spec.ref.branch");
    }
    String full = head.isSymbolic() ? head.getLeaf().getName() : sameAs(head.getObjectId(), refs);
    return new Chosen(shorten(full), full, head.getObjectId());
  }

  /// Servers of old do not say which branch HEAD is: the usual one of those with the same commit.
  private static String sameAs(ObjectId id, Map<String, Ref> refs) {
    for (String usual : List.of("refs/heads/main", "refs/heads/master")) {
      Ref ref = refs.get(usual);
      if (ref != null && id.equals(ref.getObjectId())) {
        return usual;
      }
    }
    return Constants.HEAD;
  }

  private static Chosen named(Map<String, Ref> refs, String prefix, String name, String what)
      throws SourceException {
    Ref ref = refs.get(prefix + name);
    if (ref == null || ref.getObjectId() == null) {
      List<String> others = names(refs.keySet(), prefix);
      throw new SourceException(
          SourceException.REF_NOT_FOUND,
          "the repository has no " + what + " " + name + instead(name, others));
    }
    return new Chosen(name, prefix + name, ref.getObjectId());
  }

  private static String instead(String name, List<String> others) {
    Optional<String> near = Nearest.of(name, others);
    return near.map(other -> "; did you mean " + other + "?")
        .orElse(
            others.isEmpty() ? "; it has none" : "; it has " + String.join(", ", first(others)));
  }

  private static List<String> first(List<String> names) {
    return names.size() <= 5 ? names : names.subList(0, 5);
  }

  private static Chosen newest(Map<String, Ref> refs, String range) throws SourceException {
    SemverRange wanted = SemverRange.parse(range);
    List<String> tags = names(refs.keySet(), Constants.R_TAGS);
    String tag =
        wanted
            .newest(tags)
            .orElseThrow(
                () ->
                    new SourceException(
                        SourceException.REF_NOT_FOUND,
                        "no tag is a version within " + range + " (of " + tags.size() + " tags)"));
    return named(refs, Constants.R_TAGS, tag, "tag");
  }

  private static List<String> names(Collection<String> full, String prefix) {
    List<String> names = new ArrayList<>();
    for (String name : full) {
      if (name.startsWith(prefix)) {
        names.add(name.substring(prefix.length()));
      }
    }
    names.sort(null);
    return names;
  }

  private static String shorten(String full) {
    return full.startsWith(Constants.R_HEADS) ? full.substring(Constants.R_HEADS.length()) : full;
  }
}
