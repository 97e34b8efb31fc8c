package dev.berth.agent.pod;

import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.image.Image;
import dev.berth.agent.image.ImageException;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import dev.berth.api.ImageRef;
import dev.berth.api.Reason;
import java.time.Duration;
import java.util.Optional;

/// First part of a start: the image. A pull runs on a thread of its own and reports by message.
final class ImageFetch {
  private static final Duration HOPELESS = Duration.ofMinutes(5);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final long PROGRESS_PERIOD_MILLIS = 1000;
  private final PodContext pod;

  ImageFetch(PodContext pod) {
    this.pod = pod;
  }

  /// The image when it is here already; otherwise the container waits for it from now on.
  Optional<Image> fetch(Tracked t, ContainerWish c) {
    t.begins("find image " + c.image(), pod.now());
    if (ImageRef.tryParse(c.image()).isEmpty()) {
      invalid(t, c.image());
      return Optional.empty();
    }
    String namespace = pod.spec.key().namespace();
    Optional<Image> local =
        c.pullPolicy().equals("Always")
            ? Optional.empty()
            : pod.host.images().local(namespace, c.image());
    if (local.isPresent()) {
      return local;
    }
    if (c.pullPolicy().equals("Never")) {
      String message = "image " + c.image() + " is not on this host, and imagePullPolicy is Never";
      failed(
          t,
          "ErrImageNeverPull",
          message,
          Optional.of(new Diagnosis(Reason.IMAGE_NOT_FOUND, message)));
      return Optional.empty();
    }
    t.state = new ContainerState.Pulling("");
    pod.normal("Pulling", "Pulling image " + c.image());
    Thread.ofVirtual()
        .name("pull-" + pod.spec.key() + "-" + t.name)
        .start(() -> pod.mailbox.accept(pull(t.name, namespace, c.image())));
    return Optional.empty();
  }

  private void invalid(Tracked t, String image) {
    String message = "not an image name: " + image;
    t.failed(message);
    t.diagnosis = Optional.of(new Diagnosis(Reason.INVALID_IMAGE_NAME, message));
    t.state =
        new ContainerState.Waiting(
            Reason.INVALID_IMAGE_NAME.text(), message, pod.now().plus(HOPELESS));
  }

  private PodMessage pull(String container, String namespace, String image) {
    long[] last = {0};
    try {
      return new PodMessage.Pulled(
          container,
          pod.host
              .images()
              .pull(
                  namespace,
                  image,
                  (done, total) -> {
                    long at = pod.host.clock().millis();
                    synchronized (last) {
                      if (at - last[0] >= PROGRESS_PERIOD_MILLIS) {
                        last[0] = at;
                        pod.mailbox.accept(
                            new PodMessage.PullProgress(
                                container, PodStatus.progress(done, total)));
                      }
                    }
                  }));
    } catch (ImageException e) {
      Optional<Image> old = pod.host.images().local(namespace, image);
      String message = String.valueOf(e.getMessage());
      return old.isPresent()
          ? new PodMessage.Pulled(container, old.get())
          : new PodMessage.PullFailed(
              container,
              message,
              Optional.of(new Diagnosis(e.reason().orElse(Reason.IMAGE_PULL_FAILED), message)));
    } catch (RuntimeException e) {
      String message = "image " + image + ": " + e.getMessage();
      return new PodMessage.PullFailed(
          container, message, Optional.of(new Diagnosis(Reason.IMAGE_PULL_FAILED, message)));
    }
  }

  void failed(Tracked t, PodMessage.PullFailed failure) {
    String reason = t.pulls.failures() == 0 ? "ErrImagePull" : "ImagePullBackOff";
    failed(t, reason, failure.message(), failure.diagnosis());
  }

  private void failed(Tracked t, String reason, String message, Optional<Diagnosis> diagnosis) {
    t.failed(message);
    t.diagnosis = diagnosis.or(() -> t.diagnosis);
    t.pulls = t.pulls.after(Duration.ZERO);
    Duration pause = t.pulls.pause().isZero() ? FIRST_RETRY : t.pulls.pause();
    t.state = new ContainerState.Waiting(reason, message, pod.now().plus(pause));
    pod.warning("Failed", message);
  }
}
