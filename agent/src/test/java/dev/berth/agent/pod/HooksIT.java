package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.container.Sandbox;
import dev.berth.agent.container.Security;
import dev.berth.agent.probe.Prober;
import dev.berth.api.Json;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The hooks of a real container's life.
class HooksIT {
  private static final String LISTENS = "trap 'echo term >> /tmp/story; exit 5' TERM; ";

  @TempDir Path dir;
  private Sandbox box;
  private final LinkedBlockingQueue<PodMessage> mailbox = new LinkedBlockingQueue<>();

  @BeforeEach
  void start() throws Exception {
    box = new Sandbox(dir);
  }

  @AfterEach
  void stop() {
    Orphans.endAll(host(), "u");
    box.close();
  }

  @SuppressWarnings("NullAway") // the parts that hooks do not touch
  private PodHost host() {
    return new PodHost(
        box.node(),
        "10.0.0.1",
        dir,
        box.containers,
        null,
        null,
        new Prober(),
        null,
        null,
        null,
        new Security(Set.of(), new byte[0], List.of(), List.of()),
        Clock.systemUTC(),
        null,
        (_, _, _) -> Optional.empty());
  }

  private record Ran(PodContext pod, Tracked main, ContainerState.Running state) {}

  private Ran run(String lifecycle) {
    PodContext pod =
        new PodContext(
            host(),
            PodSpec.read(
                Json.parseObject(
                    "{\"metadata\":{\"name\":\"p\",\"namespace\":\"n\",\"uid\":\"u\"},\"spec\":{"
                        + "\"containers\":[{\"name\":\"main\",\"image\":\"x\",\"lifecycle\":"
                        + lifecycle
                        + "}]}}")),
            mailbox::add);
    Tracked main = new Tracked("main", pod.now());
    ContainerSpec spec =
        box.spec(
            pod.id(main, 0),
            pod.stateDir(main, 0),
            pod.cgroup(main, 0),
            pod.logFile(main, 0),
            "sh",
            "-c",
            LISTENS + "touch /tmp/up; while true; do sleep 0.05; done");
    Container c = box.containers.start(spec);
    while (!Files.exists(upper(c, "up"))) { // the trap is set
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
    return new Ran(pod, main, new ContainerState.Running(c, Optional.of(spec), true, true, "", ""));
  }

  private static Path upper(Container c, String file) {
    return c.dir().resolve("upper/tmp").resolve(file);
  }

  private static String exec(String hook, String script) {
    return "{\"%s\":{\"exec\":{\"command\":[\"sh\",\"-c\",\"%s\"]}}}".formatted(hook, script);
  }

  @Test
  void theStopSignalComesAfterTheHook() throws Exception {
    Ran r = run(exec("preStop", "sleep 0.3; echo pre >> /tmp/story"));
    new Hooks(r.pod()).stop(r.main(), r.state());
    ExitStatus exit = box.containers.exit(r.state().container()).get(20, TimeUnit.SECONDS);
    assertEquals(5, exit.code());
    assertEquals("pre\nterm\n", Files.readString(upper(r.state().container(), "story")));
  }

  /// A pod is deleted while a container of it is being stopped.
  @Test
  void aRunIsAskedToStopOnce() throws Exception {
    Ran r = run(exec("preStop", "sleep 0.3; echo pre >> /tmp/story"));
    new Hooks(r.pod()).stop(r.main(), r.state());
    new Hooks(r.pod()).stop(r.main(), r.state());
    assertEquals(5, box.containers.exit(r.state().container()).get(20, TimeUnit.SECONDS).code());
    assertEquals("pre\nterm\n", Files.readString(upper(r.state().container(), "story")));
  }

  @Test
  void theNextRunIsAskedAnew() throws Exception {
    Ran r = run(exec("preStop", "true"));
    r.main().stopping = "the run before";
    new Hooks(r.pod()).stop(r.main(), r.state());
    assertEquals(5, box.containers.exit(r.state().container()).get(20, TimeUnit.SECONDS).code());
  }

  /// Charts have `sh -c sleep 5` for images that have no shell.
  @Test
  void aHookThatIsNotInTheImageStopsNoSignal() throws Exception {
    Ran r = run("{\"preStop\":{\"exec\":{\"command\":[\"/not/there\"]}}}");
    new Hooks(r.pod()).stop(r.main(), r.state());
    assertEquals(5, box.containers.exit(r.state().container()).get(20, TimeUnit.SECONDS).code());
  }

  @Test
  void aFirstHookThatIsNotInTheImageHasFailed() throws Exception {
    Ran r = run("{\"postStart\":{\"exec\":{\"command\":[\"/not/there\"]}}}");
    new Hooks(r.pod()).postStart(r.main(), r.state().container(), r.state().spec());
    PodMessage.PostStarted heard =
        assertInstanceOf(PodMessage.PostStarted.class, mailbox.poll(20, TimeUnit.SECONDS));
    assertFalse(heard.outcome().ok());
    assertTrue(heard.outcome().message().contains("/not/there"), heard::toString);
  }

  @Test
  void aPodThatIsGoneDoesNotWaitForAHook() throws Exception {
    Ran r = run("{\"preStop\":{\"sleep\":{\"seconds\":600}}}");
    r.pod().removed = true;
    new Hooks(r.pod()).stop(r.main(), r.state());
    assertEquals(5, box.containers.exit(r.state().container()).get(20, TimeUnit.SECONDS).code());
  }

  @Test
  void theWorkerHearsHowTheFirstHookWent() throws Exception {
    Ran r = run(exec("postStart", "echo here; exit 4"));
    Hooks hooks = new Hooks(r.pod());
    assertTrue(hooks.hasPostStart(r.main()));
    hooks.postStart(r.main(), r.state().container(), r.state().spec());
    PodMessage.PostStarted heard =
        assertInstanceOf(PodMessage.PostStarted.class, mailbox.poll(20, TimeUnit.SECONDS));
    assertFalse(heard.outcome().ok());
    assertTrue(heard.outcome().message().endsWith("exited with 4: here"), heard::toString);
  }

  /// Hooks are asked from the host: a hook's own host would get past every rule that holds for
  /// pods.
  @Test
  void aHookAsksThePodAloneWhateverHostItNames() throws Exception {
    List<String> asked = new java.util.concurrent.CopyOnWriteArrayList<>();
    HttpServer host = server("127.0.0.1", 0, asked);
    HttpServer own = server("127.0.0.2", host.getAddress().getPort(), asked);
    try {
      Ran r =
          run(
              "{\"postStart\":{\"httpGet\":{\"host\":\"127.0.0.1\",\"path\":\"/x\",\"port\":%d}}}"
                  .formatted(host.getAddress().getPort()));
      r.pod().sandbox = Optional.of(new dev.berth.agent.network.Sandbox(dir, "127.0.0.2", "none"));
      new Hooks(r.pod()).postStart(r.main(), r.state().container(), r.state().spec());
      PodMessage.PostStarted heard =
          assertInstanceOf(PodMessage.PostStarted.class, mailbox.poll(20, TimeUnit.SECONDS));
      assertTrue(heard.outcome().ok(), heard::toString);
      assertEquals(List.of("127.0.0.2"), asked);
    } finally {
      host.stop(0);
      own.stop(0);
    }
  }

  private static HttpServer server(String address, int port, List<String> asked) throws Exception {
    HttpServer server = HttpServer.create(new InetSocketAddress(address, port), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(address);
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return server;
  }
}
