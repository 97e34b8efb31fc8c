package dev.berth.gitops.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.gitops.GitRef;
import dev.berth.gitops.GitServer;
import dev.berth.gitops.TestRepository;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real servers on loopback: http with login, ssh, the daemon.
final class ClonesTest {
  private static final Patience PATIENCE =
      new Patience(Duration.ofSeconds(20), Duration.ofMinutes(2));

  @TempDir Path folder;
  private Clones clones;
  private TestRepository git;
  private String commit = "";

  @BeforeEach
  void start() throws Exception {
    clones = new Clones(folder.resolve("clones"), Optional.empty());
    git = new TestRepository(folder, "apps.git");
    commit = git.write("a.yaml", "a: 1").push("one");
  }

  @AfterEach
  void stop() {
    clones.close();
  }

  private static SourceRequest request(String url, GitRef ref, Map<String, byte[]> secret) {
    return new SourceRequest(url, ref, new Credentials(secret), 10 << 20, PATIENCE);
  }

  private static SourceRequest request(String url, Map<String, byte[]> secret) {
    return request(url, new GitRef.DefaultBranch(), secret);
  }

  private static Map<String, byte[]> login(String user, String password) {
    return Map.of("username", user.getBytes(UTF_8), "password", password.getBytes(UTF_8));
  }

  private static String basic(String both) {
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
  }

  private String failure(SourceRequest request) {
    return assertThrows(SourceException.class, () -> clones.find(request)).reason();
  }

  @Test
  void httpLetsInWhoHasThePasswordOrTheToken() throws Exception {
    try (SmartHttpServer server =
        new SmartHttpServer(
            folder, header -> header.equals(basic("ada:secret")) || header.equals("Bearer t"))) {
      String url = server.url("apps.git");
      assertEquals(commit, clones.find(request(url, login("ada", "secret"))).commit());
      assertEquals(
          commit, clones.find(request(url, Map.of("bearerToken", "t\n".getBytes(UTF_8)))).commit());
      assertEquals(SourceException.AUTH_FAILED, failure(request(url, login("ada", "wrong"))));
      assertEquals(SourceException.AUTH_FAILED, failure(request(url, Map.of())));
      assertEquals(
          SourceException.UNREACHABLE,
          failure(request(server.url("none.git"), login("ada", "secret"))));
    }
  }

  @Test
  void credentialsStayBehindWhenARedirectLeadsToAnotherServer() throws Exception {
    try (SmartHttpServer other = new SmartHttpServer(folder, header -> true);
        SmartHttpServer server = new SmartHttpServer(folder, header -> true)) {
      server.redirect("/moved", other.url("apps.git"));
      assertEquals(
          commit, clones.find(request(server.url("moved"), login("ada", "secret"))).commit());
      assertFalse(other.seen.isEmpty());
      assertTrue(other.seen.stream().allMatch(String::isEmpty), other.seen::toString);
      server.redirect("/cloud", "http://169.254.169.254/latest");
      SourceException refused =
          assertThrows(
              SourceException.class, () -> clones.find(request(server.url("cloud"), Map.of())));
      assertTrue(refused.message().contains("is not asked for repositories"), refused.message());
    }
  }

  @Test
  void sshLetsInTheKeyAndRefusesAnUnknownHost() throws Exception {
    Path key = folder.resolve("id");
    new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString())
        .start()
        .waitFor();
    var entry =
        AuthorizedKeyEntry.parseAuthorizedKeyEntry(Files.readString(folder.resolve("id.pub")));
    byte[] identity = Files.readAllBytes(key);
    try (SshGitServer server =
        new SshGitServer(folder, entry.resolvePublicKey(null, PublicKeyEntryResolver.IGNORING))) {
      String url = server.url("apps.git");
      Map<String, byte[]> known =
          Map.of("identity", identity, "known_hosts", server.knownHosts().getBytes(UTF_8));
      assertEquals(commit, clones.find(request(url, known)).commit());
      SourceException refused =
          assertThrows(
              SourceException.class, () -> clones.find(request(url, Map.of("identity", identity))));
      assertEquals(SourceException.HOST_KEY_UNKNOWN, refused.reason());
      assertTrue(refused.message().contains(server.knownHosts().strip()), refused.message());
      Path other = folder.resolve("other");
      new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other.toString())
          .start()
          .waitFor();
      assertEquals(
          SourceException.AUTH_FAILED,
          failure(
              request(
                  url,
                  Map.of(
                      "identity",
                      Files.readAllBytes(other),
                      "known_hosts",
                      server.knownHosts().getBytes(UTF_8)))));
    }
  }

  @Test
  void tagsRangesAndCommitsAreFound() throws Exception {
    git.git("tag", "-a", "v1.2.0", "-m", "old");
    git.git("tag", "v1.10.0");
    git.write("a.yaml", "a: 2").push("two");
    git.git("tag", "v2.0.0-rc.1");
    git.git("push", "-q", "--tags", "origin");
    try (GitServer server = new GitServer(folder)) {
      String url = server.url("apps.git");
      assertEquals(commit, clones.find(request(url, new GitRef.Tag("v1.2.0"), Map.of())).commit());
      assertEquals(
          "v1.10.0", clones.find(request(url, new GitRef.Semver(">=1.0.0"), Map.of())).name());
      assertEquals(commit, clones.find(request(url, new GitRef.Commit(commit), Map.of())).commit());
      SourceException missing =
          assertThrows(
              SourceException.class,
              () -> clones.find(request(url, new GitRef.Branch("mian"), Map.of())));
      assertTrue(missing.message().contains("did you mean main?"), missing.message());
    }
  }

  @Test
  void whatIsTooLargeIsNotTakenAndLeavesNothingBehind() throws Exception {
    byte[] noise = new byte[4 << 20];
    new Random(1).nextBytes(noise);
    Files.write(git.tree().resolve("noise"), noise);
    git.push("large");
    try (GitServer server = new GitServer(folder)) {
      SourceRequest small =
          new SourceRequest(
              server.url("apps.git"),
              new GitRef.DefaultBranch(),
              Credentials.NONE,
              1 << 20,
              PATIENCE);
      SourceException refused = assertThrows(SourceException.class, () -> clones.find(small));
      assertEquals(SourceException.TOO_LARGE, refused.reason(), refused.message());
      try (var files = Files.walk(folder.resolve("clones"))) {
        assertTrue(
            files.noneMatch(file -> file.toFile().isFile() && file.toFile().length() > 1 << 20));
      }
    }
  }

  /// A server that takes a question and says nothing must hold nobody up who only reads.
  @Test
  void whatIsThereIsReadWhileTheServerIsSilent() throws Exception {
    AtomicBoolean silent = new AtomicBoolean();
    CountDownLatch asked = new CountDownLatch(1);
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    try (SmartHttpServer server =
            new SmartHttpServer(
                folder,
                header -> {
                  if (silent.get()) {
                    asked.countDown();
                    return answer.join();
                  }
                  return true;
                });
        ExecutorService others = Executors.newSingleThreadExecutor()) {
      SourceRequest request = request(server.url("apps.git"), Map.of());
      clones.find(request);
      silent.set(true);
      Future<?> looking = others.submit(() -> clones.find(request));
      asked.await();
      try (CommitFiles there = clones.open(request, commit).orElseThrow()) {
        assertFalse(looking.isDone(), there::toString);
      }
      answer.complete(true);
      looking.get();
    }
  }

  /// It is there, and is to be silent for an hour: each byte it sends would begin that anew.
  @ParameterizedTest
  @ValueSource(strings = {"http", "git", "ssh"})
  void aServerThatComesToNoEndIsLeftAfterATime(String scheme) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      SourceRequest request =
          new SourceRequest(
              scheme + "://127.0.0.1:" + server.getLocalPort() + "/apps.git",
              new GitRef.DefaultBranch(),
              Credentials.NONE,
              10 << 20,
              new Patience(Duration.ofHours(1), Duration.ofSeconds(1)));
      SourceException left = assertThrows(SourceException.class, () -> clones.find(request));
      assertEquals(SourceException.TOO_SLOW, left.reason(), left.message());
      assertTrue(left.message().contains("within 1 s"), left.message());
    }
  }

  /// Neither another's login nor another's limit brings what the own one would not.
  @Test
  void whatOthersFetchedIsReadWithTheirCredentialsAndLimitsOnly() throws Exception {
    byte[] noise = new byte[2 << 20];
    new Random(2).nextBytes(noise);
    Files.write(git.tree().resolve("noise"), noise);
    commit = git.push("large");
    try (SmartHttpServer server =
        new SmartHttpServer(folder, header -> header.equals(basic("ada:secret")))) {
      String url = server.url("apps.git");
      SourceRequest own = request(url, login("ada", "secret"));
      clones.find(own);
      assertEquals(Optional.empty(), clones.open(request(url, Map.of()), commit));
      assertEquals(SourceException.AUTH_FAILED, failure(request(url, Map.of())));
      assertEquals(Optional.empty(), clones.open(request(url, login("eve", "x")), commit));
      SourceRequest small = new SourceRequest(url, own.ref(), own.credentials(), 1 << 20, PATIENCE);
      assertEquals(SourceException.TOO_LARGE, failure(small));
    }
  }

  /// A clone that grew for one repository is made anew while another reads of it.
  @Test
  void whatIsReadStaysWhileOthersFetch() throws Exception {
    try (Clones few = new Clones(folder.resolve("few"), Optional.empty(), 1);
        GitServer server = new GitServer(folder)) {
      SourceRequest request = request(server.url("apps.git"), Map.of());
      few.find(request);
      try (CommitFiles read = few.open(request, commit).orElseThrow()) {
        for (String text : List.of("a: 2", "a: 3")) {
          git.write("a.yaml", text).push(text);
          few.find(request);
        }
        CommitFiles.Entry file = read.find("a.yaml").orElseThrow();
        assertEquals("a: 1", new String(read.read(file, 100), UTF_8));
      }
      git.write("a.yaml", "a: 4").push("four");
      few.find(request);
      assertEquals(Optional.empty(), few.open(request, commit), "made anew");
    }
  }

  /// Whoever waits takes the answer of another, but not one that never came.
  @Test
  void aServerThatRefusesIsNoEmptyRepositoryToThoseWhoWait() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CompletableFuture<Boolean> answer = new CompletableFuture<>();
    try (SmartHttpServer server =
        new SmartHttpServer(
            folder,
            header -> {
              asked.countDown();
              return answer.join();
            })) {
      SourceRequest request = request(server.url("apps.git"), Map.of());
      List<FutureTask<String>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        FutureTask<String> finding = new FutureTask<>(() -> failure(request));
        Thread thread = Thread.ofPlatform().start(finding);
        all.add(finding);
        asked.await();
        while (thread.getState() != Thread.State.WAITING
            && thread.getState() != Thread.State.TIMED_WAITING) {
          Thread.onSpinWait();
        }
      }
      answer.complete(false);
      for (FutureTask<String> finding : all) {
        assertEquals(SourceException.AUTH_FAILED, finding.get());
      }
    }
  }
}
