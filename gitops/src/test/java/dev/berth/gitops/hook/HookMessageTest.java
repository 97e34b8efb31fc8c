package dev.berth.gitops.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.gitops.GitRef;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class HookMessageTest {
  private static final byte[] SECRET =
      "It's a Secret to Everybody".getBytes(StandardCharsets.UTF_8);
  private static final byte[] BODY = "Hello, World!".getBytes(StandardCharsets.UTF_8);

  /// The example of GitHub's own documentation.
  private static final String HMAC =
      "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  private static int status(Map<String, String> headers, byte[] body, GitRef ref) {
    return HookAnswer.to(new HookMessage(headers, body), Optional.of(SECRET), ref).status();
  }

  @Test
  void eachHostProvesThatItKnowsTheSecret() {
    GitRef ref = new GitRef.DefaultBranch();
    assertEquals(202, status(Map.of("x-hub-signature-256", "sha256=" + HMAC), BODY, ref));
    assertEquals(202, status(Map.of("x-gitea-signature", HMAC), BODY, ref));
    assertEquals(202, status(Map.of("x-berth-signature", "sha256=" + HMAC), BODY, ref));
    assertEquals(202, status(Map.of("x-gitlab-token", "It's a Secret to Everybody"), BODY, ref));
    assertEquals(401, status(Map.of("x-gitlab-token", "other"), BODY, ref));
    assertEquals(401, status(Map.of("x-hub-signature-256", "sha256=00"), BODY, ref));
    assertEquals(401, status(Map.of("x-hub-signature-256", "nothing"), BODY, ref));
    assertEquals(401, status(Map.of(), BODY, ref));
  }

  @Test
  void anotherBranchAsksForNothing() {
    byte[] body = "{\"ref\":\"refs/heads/dev\"}".getBytes(StandardCharsets.UTF_8);
    Map<String, String> headers =
        Map.of("x-gitlab-token", "It's a Secret to Everybody", "x-gitlab-event", "Push Hook");
    assertEquals(200, status(headers, body, new GitRef.Branch("main")));
    assertEquals(202, status(headers, body, new GitRef.Branch("dev")));
    Map<String, String> note =
        Map.of("x-gitlab-token", "It's a Secret to Everybody", "x-gitlab-event", "Note Hook");
    assertEquals(200, status(note, body, new GitRef.Branch("dev")));
  }

  @Test
  void whoMayNotKnowLearnsNothing() {
    HookAnswer answer =
        HookAnswer.to(
            new HookMessage(Map.of(), BODY), Optional.empty(), new GitRef.DefaultBranch());
    assertEquals(404, answer.status());
  }
}
