package dev.berth.gitops.render;

import java.util.List;
import org.eclipse.jgit.ignore.FastIgnoreRule;

/// Which files are no manifests: globs as in a `.gitignore`, relative to `spec.path`, and every
/// file and folder whose name begins with a dot.
final class Exclusion {
  private final String root;
  private final List<FastIgnoreRule> rules;

  Exclusion(String root, List<String> globs) {
    this.root = root.isEmpty() ? "" : root + "/";
    this.rules = globs.stream().map(FastIgnoreRule::new).toList();
  }

  boolean excludes(String path, boolean folder) {
    String inside = path.startsWith(root) ? path.substring(root.length()) : path;
    String name = path.substring(path.lastIndexOf('/') + 1);
    return name.startsWith(".")
        || rules.stream().anyMatch(rule -> rule.isMatch("/" + inside, folder) && rule.getResult());
  }
}
