package dev.berth.agent.pod;

import dev.berth.agent.image.Image;
import dev.berth.agent.network.Sandbox;
import dev.berth.api.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// One pod: a mailbox and the thread that empties it. Each message changes the state, then `step`
/// does what the state asks for, then the status goes out if it differs.
///
/// ```
/// message      | what it does
/// wish         | the API's newest object; deletion turns the pod towards its end
/// pulled       | Pulling -> Running (start) or Waiting (failed, with back-off)
/// exited       | Running -> Waiting (restart) or Exited
/// verdict      | readiness, start-up; failed liveness kills the container
/// stop         | the agent ends: the thread ends, containers stay
/// ```
///
/// What is done is in [ImageFetch], [ContainerStart], [Supervision], [Recovery] and [PodEnd].
final class PodWorker {
  private static final Logger log = LoggerFactory.getLogger(PodWorker.class);
  private static final Duration IDLE = Duration.ofMinutes(5);
  private static final Duration TROUBLE = Duration.ofSeconds(1);

  /// How often the kernel is asked what it refused; and, where files have a limit, these are
  /// counted.
  private static final Duration LOOKING = Duration.ofSeconds(5);

  private static final Duration WEIGHING = Duration.ofSeconds(2);

  /// So long must a container without a probe have run before its last end is forgotten.
  private static final Duration SETTLED = Duration.ofSeconds(10);

  private final BlockingQueue<PodMessage> mailbox = new LinkedBlockingQueue<>();
  private final PodContext pod;
  private final ImageFetch images;
  private final ContainerStart starts;
  private final Supervision supervision;
  private final Demands demands;
  private final Recovery recovery;
  private final PodEnd end;
  private final Runnable ended;
  private final Thread thread;
  private boolean running = true;
  private boolean recovered;
  private int troubles;
  private String lastError = "";
  private Instant looked = Instant.EPOCH;

  /// Starts the worker.
  ///
  /// @param ended called once, when nothing of the pod is left on this host
  PodWorker(PodHost host, PodSpec spec, Runnable ended) {
    this.pod = new PodContext(host, spec, mailbox::add);
    this.images = new ImageFetch(pod);
    this.supervision = new Supervision(pod);
    this.demands = new Demands(pod);
    this.starts = new ContainerStart(pod, supervision);
    this.recovery = new Recovery(pod, supervision, starts);
    this.end = new PodEnd(pod);
    this.ended = ended;
    this.thread = Thread.ofVirtual().name("pod-" + spec.key()).start(this::run);
  }

  void wish(PodSpec wanted) {
    mailbox.add(new PodMessage.Wish(wanted));
  }

  /// The object is gone from the API without our doing: end at once what runs.
  void removed() {
    mailbox.add(new PodMessage.Removed());
  }

  /// Its own view; one that hangs says so by its silence.
  ObjectNode debug() {
    CompletableFuture<ObjectNode> answer = new CompletableFuture<>();
    mailbox.add(new PodMessage.Debug(answer));
    ObjectNode silent =
        Json.object().put("state", "busy: no answer").put("mailbox", mailbox.size());
    return answer.completeOnTimeout(silent, 2, TimeUnit.SECONDS).join();
  }

  void stop() {
    mailbox.add(new PodMessage.Stop());
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      if (!pod.ending()) {
        guarded(() -> pod.volumes.foresee(pod.spec.object())); // only a head start
      }
      pod.spec.containers().forEach(c -> pod.containers.put(c.name(), recovery.tracked(c)));
      while (running) {
        round();
        PodMessage message =
            running ? mailbox.poll(patience().toMillis(), TimeUnit.MILLISECONDS) : null;
        while (message != null) {
          PodMessage next = message;
          guarded(() -> handle(next));
          message = mailbox.poll();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      pod.containers.values().forEach(Tracked::stopProbes);
      pod.volumes.close();
    }
  }

  /// What fails is tried again after a pause. A pod that goes does not wait for a recovery that
  /// fails: its end kills by cgroup what was not found again.
  private void round() {
    boolean well = recovered || guarded(this::recover);
    if (well || pod.ending()) {
      well &= guarded(this::step);
    }
    well &= guarded(this::publish);
    troubles = well ? 0 : troubles + 1;
  }

  private void recover() {
    recovery.recover();
    recovered = true;
  }

  /// False when it failed, of which log and events tell: nothing may end this worker but its pod.
  private boolean guarded(Runnable work) {
    try {
      work.run();
      return true;
    } catch (RuntimeException e) {
      log.atError().addKeyValue("pod", pod.spec.key()).setCause(e).log("pod worker failed");
      lastError = String.valueOf(e.getMessage());
      pod.warning("FailedSync", lastError);
      return false;
    }
  }

  /// Until when nothing is to be done unless a message comes.
  private Duration patience() {
    if (troubles > 0) {
      return TROUBLE.multipliedBy(1L << Math.min(troubles - 1, 6));
    }
    Instant next = earlier(pod.now().plus(IDLE), end.deadline());
    for (Tracked t : pod.containers.values()) {
      next = pod.ending() ? next : earlier(next, due(t)); // one that ends is not looked at any more
    }
    next = earlier(next, volumesDue());
    next = earlier(next, deadline());
    Duration wait = Duration.between(pod.now(), next);
    return wait.isNegative() ? Duration.ZERO : wait.plusMillis(1);
  }

  /// After a failure its own pause counts alone: what could not be renewed stays due. Nobody renews
  /// what nobody uses: a token of a pod in which nothing runs is late for ever, and a worker that
  /// waited for it would never wait.
  private Optional<Instant> volumesDue() {
    return pod.ending() || Turns.isStill(pod.containers.values())
        ? Optional.empty()
        : starts.refreshDue().or(pod.volumes::due);
  }

  private static Instant earlier(Instant a, Optional<Instant> b) {
    return b.filter(a::isAfter).orElse(a);
  }

  private Optional<Instant> due(Tracked t) {
    return switch (t.state) {
      case ContainerState.Waiting w -> mayRun(t) ? Optional.of(w.until()) : Optional.empty();
      case ContainerState.Running r when r.ready() && t.diagnosis.isPresent() ->
          Optional.of(earlier(nextLook(), Optional.of(t.startedAt.plus(SETTLED))));
      case ContainerState.Running _ -> Optional.of(nextLook());
      case ContainerState.Pulling _, ContainerState.Exited _ -> Optional.empty();
    };
  }

  private Instant nextLook() {
    return looked.plus(Demands.weighs(pod) ? WEIGHING : LOOKING);
  }

  // ---- messages

  private void handle(PodMessage message) {
    switch (message) {
      case PodMessage.Wish w -> {
        boolean told = told(pod.spec, w.spec());
        pod.spec = w.spec();
        pod.status.compare(w.spec().object());
        if (told) {
          starts.refresh();
        }
      }
      case PodMessage.Removed _ -> pod.removed = true;
      case PodMessage.PullProgress p ->
          pulling(p.container()).ifPresent(t -> t.state = new ContainerState.Pulling(p.text()));
      case PodMessage.Pulled p ->
          pulling(p.container())
              .filter(t -> !pod.ending() && mayRun(t))
              .ifPresent(t -> start(t, p.image()));
      case PodMessage.PullFailed p -> pulling(p.container()).ifPresent(t -> images.failed(t, p));
      case PodMessage.Exited e ->
          current(e.container(), e.id()).ifPresent(t -> supervision.exited(t, e.exit()));
      case PodMessage.Verdict v ->
          current(v.container(), v.id()).ifPresent(t -> supervision.judge(t, v));
      case PodMessage.PostStarted h ->
          current(h.container(), h.id())
              .filter(t -> !pod.ending() && !t.finishing)
              .ifPresent(t -> supervision.postStarted(t, h));
      case PodMessage.Refresh _ -> refresh();
      case PodMessage.Debug d ->
          d.answer().complete(PodDebug.of(pod, mailbox.size(), troubles, lastError));
      case PodMessage.Stop _ -> running = false;
    }
  }

  private void refresh() {
    if (!pod.ending()) {
      starts.refresh();
    }
  }

  /// Whether something has changed of what files may tell of the pod.
  private static boolean told(PodSpec before, PodSpec after) {
    return !Json.labels(before.object()).equals(Json.labels(after.object()))
        || !Json.annotations(before.object()).equals(Json.annotations(after.object()));
  }

  private Optional<Tracked> pulling(String container) {
    return pod.tracked(container).filter(t -> t.state instanceof ContainerState.Pulling);
  }

  private Optional<Tracked> current(String container, String id) {
    return pod.tracked(container)
        .filter(t -> t.state instanceof ContainerState.Running r && r.container().id().equals(id));
  }

  // ---- what the state asks for

  private void step() {
    if (!running) {
      return;
    }
    if (pod.ending()) {
      if (end.advance()) {
        release();
      }
      return;
    }
    for (Tracked t : pod.containers.values()) {
      if (t.state instanceof ContainerState.Waiting w
          && !w.until().isAfter(pod.now())
          && mayRun(t)) {
        pod.wish(t).flatMap(c -> images.fetch(t, c)).ifPresent(image -> start(t, image));
      }
      forget(t);
    }
    if (deadline().filter(d -> !d.isAfter(pod.now())).isPresent()) {
      pod.failure = Optional.of(PodFailure.DEADLINE_EXCEEDED);
      pod.warning(PodFailure.DEADLINE_EXCEEDED.reason(), PodFailure.DEADLINE_EXCEEDED.message());
    }
    pod.failure.ifPresent(f -> finish(f.reason()));
    if (Turns.done(pod.containers.values())) {
      finish("the other containers have ended"); // only sidecars run now
    }
    if (over()) {
      supervision.detach();
      pod.volumes.remove();
    } else if (volumesDue().filter(d -> !d.isAfter(pod.now())).isPresent()) {
      starts.refresh();
    }
    if (!nextLook().isAfter(pod.now())) {
      looked = pod.now();
      pod.containers.values().forEach(demands::weigh);
      pod.containers.values().forEach(demands::strain);
      demands.weigh();
    }
  }

  private boolean mayRun(Tracked t) {
    return pod.failure.isEmpty() && Turns.mayRun(pod.containers.values(), t);
  }

  private boolean over() {
    return pod.failure.isPresent()
        ? Turns.isStill(pod.containers.values())
        : Turns.over(pod.containers.values());
  }

  /// When the pod as a whole fails, if it has not ended by then.
  private Optional<Instant> deadline() {
    return pod.ending() || pod.failure.isPresent() || over()
        ? Optional.empty()
        : PodFailure.deadline(pod.spec.object(), pod.status.started());
  }

  private void finish(String why) {
    pod.containers.values().forEach(t -> supervision.finish(t, why));
  }

  /// A container that runs well has nothing to explain any more. Without a probe it must first run
  /// longer than one that crashes at once, or its status would flap.
  private void forget(Tracked t) {
    if (t.state instanceof ContainerState.Running r
        && r.ready()
        && !t.startedAt.plus(SETTLED).isAfter(pod.now())) {
      t.diagnosis = Optional.empty();
    }
  }

  private void start(Tracked t, Image image) {
    try {
      starts.start(t, image);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }

  private void release() {
    publish();
    end.release();
    running = false;
    ended.run();
  }

  private void publish() {
    if (pod.removed) {
      return;
    }
    Optional<ObjectNode> changed =
        pod.status.update(
            pod.spec,
            pod.containers.values(),
            pod.failure,
            pod.sandbox.map(Sandbox::address).orElse(""));
    changed.ifPresent(s -> pod.host.status().status(pod.spec.key(), pod.spec.uid(), s));
  }
}
