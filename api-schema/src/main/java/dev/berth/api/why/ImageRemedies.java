package dev.berth.api.why;

import dev.berth.api.ImageRef;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What to do about an image that does not come.
final class ImageRemedies {
  private static final Pattern SILENT =
      Pattern.compile("registry (\\S+) cannot be reached: (.*?)(?=;|$)");
  private static final Pattern BROKEN = Pattern.compile("the registry answered 5\\d\\d");
  private static final String HUB = "docker.io";

  private final PodPlace pod;
  private final String message;
  private final Optional<ImageRef> ref;

  ImageRemedies(PodPlace pod, String message) {
    this.pod = pod;
    this.message = message;
    this.ref = ImageRef.tryParse(pod.image());
  }

  Remedy notFound() {
    if (pod.isBuilt()) {
      return Remedy.of("run berth apply -f on the manifest: it builds the image again");
    }
    return look(
        Offered.in(message).stream()
            .findFirst()
            .map(name -> "set " + pod.field("image") + ": " + name)
            .orElseGet(this::another));
  }

  private String another() {
    return isElsewhere()
        ? "name an image and a tag that exist in " + pod.field("image")
        : "name an image that exists in "
            + pod.field("image")
            + ", or make it with berth build -t "
            + pod.image()
            + " DIR";
  }

  Remedy unreachable() {
    Matcher silent = SILENT.matcher(message);
    boolean named = silent.find();
    String registry = named ? silent.group(1) : "the registry";
    String own =
        "put the image into the cluster's repository: berth build -t " + nameHere() + " DIR";
    String why = named ? silent.group(2) : "";
    if (why.contains("TLS")) {
      return look(
          "put TLS before registry "
              + registry
              + " (Berth asks registries of other hosts over https only), or "
              + own);
    }
    if (why.contains("refused")) {
      return look(
          "start the registry at "
              + registry
              + " (nothing listens there), or correct "
              + pod.field("image")
              + "; or "
              + own);
    }
    return look("check the network from node " + pod.node() + " to " + registry + ", or " + own);
  }

  Remedy locked() {
    return look(
        "Berth pulls without a login: copy the image to the cluster's repository, or name a public one"
            + " in "
            + pod.field("image"));
  }

  Remedy foreign() {
    return Remedy.of(
        "name an image for this host's platform in "
            + pod.field("image")
            + ", or build it here: berth build -t "
            + nameHere()
            + " DIR");
  }

  Remedy forged() {
    return Remedy.of(
        "push image "
            + pod.image()
            + " again: the registry, or a proxy before it, sends other bytes than their digest says");
  }

  Remedy failed() {
    if (BROKEN.matcher(message).find()) {
      return Remedy.of(
          "look at the registry"
              + ref.flatMap(ImageRef::host).map(host -> " " + host).orElse("")
              + ", which has a fault of its own; the pull is tried again by itself");
    }
    return look("check the name in " + pod.field("image") + " and that its registry is reachable");
  }

  /// Only the cluster's own images can be listed.
  private Remedy look(String fix) {
    return isElsewhere() ? Remedy.of(fix) : Remedy.of(fix, "berth images");
  }

  private boolean isElsewhere() {
    return ref.flatMap(ImageRef::host).filter(host -> !host.equals(HUB)).isPresent();
  }

  /// What an image with this name would be called in the cluster's repository.
  private String nameHere() {
    return ref.map(r -> r.repository() + ":" + r.tag().orElse("latest")).orElse("NAME:TAG");
  }
}
