package dev.berth.agent.image;

import dev.berth.api.ImageRef;
import dev.berth.api.Nearest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The images of the cluster's repository whose names are near one that is not there. Pure but for
/// the tags, which are asked for the few names that are near.
final class NearbyImages {
  private static final int MOST = 3;
  private static final String HUB = Origin.HUB + "/";
  private static final String OFFICIAL = HUB + "library/";

  private NearbyImages() {}

  private record Candidate(String name, String repository, int distance) {}

  /// At most three, nearest first, as they would be written in this namespace.
  static List<String> of(
      ImageRef wanted,
      String namespace,
      List<String> repositories,
      Function<String, List<String>> tags) {
    List<Candidate> near =
        repositories.stream()
            .flatMap(r -> shortName(r, namespace).map(n -> candidate(n, r, wanted)).stream())
            .filter(c -> near(c, wanted.repository()))
            .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
            .limit(MOST)
            .toList();
    List<String> found = new ArrayList<>();
    for (Candidate c : near) {
      pick(wanted.tag().orElse("latest"), tags.apply(c.repository()), c.distance() == 0)
          .forEach(tag -> found.add(c.name() + ":" + tag));
    }
    return found.stream().distinct().limit(MOST).toList();
  }

  private static Optional<String> shortName(String repository, String namespace) {
    if (repository.startsWith(namespace + "/")) {
      return Optional.of(repository.substring(namespace.length() + 1));
    }
    if (repository.startsWith(OFFICIAL)) {
      return Optional.of(repository.substring(OFFICIAL.length()));
    }
    return repository.startsWith(HUB)
        ? Optional.of(repository.substring(HUB.length()))
        : Optional.empty();
  }

  private static Candidate candidate(String name, String repository, ImageRef wanted) {
    return new Candidate(name, repository, Nearest.distance(name, wanted.repository()));
  }

  private static boolean near(Candidate c, String wanted) {
    boolean within =
        wanted.length() > 2 && (c.name().contains(wanted) || wanted.contains(c.name()));
    return within || c.distance() <= Math.max(1, wanted.length() / 3);
  }

  /// The wanted tag where another name has it; otherwise those that look like it most.
  private static List<String> pick(String wanted, List<String> tags, boolean sameName) {
    return tags.stream()
        .filter(t -> !sameName || !t.equals(wanted))
        .sorted(
            Comparator.comparingInt((String t) -> Nearest.distance(t, wanted))
                .thenComparing(Comparator.reverseOrder()))
        .limit(sameName ? MOST : 1)
        .toList();
  }
}
