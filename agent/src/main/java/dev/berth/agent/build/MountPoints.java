package dev.berth.agent.build;

import dev.berth.agent.container.Bind;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.Tmpfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// What the start of a step's container made only to mount on is no part of the image.
final class MountPoints {
  private MountPoints() {}

  static void remove(Path upper, ContainerSpec spec) throws IOException {
    List<String> targets = new ArrayList<>(List.of("dev", "proc", "sys"));
    spec.binds().stream().map(Bind::target).forEach(targets::add);
    spec.tmpfs().stream().map(Tmpfs::target).forEach(targets::add);
    for (String target : targets) {
      remove(upper, CopyPlan.normalize(target), spec.layers());
    }
  }

  /// From the target upwards, as long as nothing else is in it and no layer has it.
  private static void remove(Path upper, String target, List<Path> layers) throws IOException {
    Path made = upper.resolve(target);
    while (!made.equals(upper) && ours(upper, made, layers) && empty(made)) {
      Files.delete(made);
      made = Objects.requireNonNull(made.getParent(), "below the upper directory");
    }
  }

  /// A link on the way would lead out of the layer: then it is left as it is.
  private static boolean ours(Path upper, Path made, List<Path> layers) throws IOException {
    String name = upper.relativize(made).toString();
    Path parent = Objects.requireNonNull(made.getParent(), "below the upper directory");
    boolean plain =
        Files.isDirectory(parent)
            && parent.toRealPath().equals(upper.toRealPath().resolve(upper.relativize(parent)));
    return plain
        && layers.stream().noneMatch(l -> Files.exists(l.resolve(name), LinkOption.NOFOLLOW_LINKS));
  }

  private static boolean empty(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (Stream<Path> entries = Files.list(path)) {
        return entries.findAny().isEmpty();
      }
    }
    return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && Files.size(path) == 0;
  }
}
