package dev.berth.gitops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Commits and tags signed by the real `ssh-keygen` and `gpg`.
final class SignatureTest extends ServedRepository {
  @BeforeEach
  void start() throws Exception {
    git.write("a.yaml", configMap("a", "one"));
  }

  private void verify(String mode, String ref) {
    follow(
        "\"ref\": " + ref,
        "\"verify\": {\"mode\": \"" + mode + "\", \"secretRef\": {\"name\": \"signers\"}}");
  }

  private Path sshKey(String name) throws Exception {
    Path key = folder.resolve(name);
    TestRepository.run(folder, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
    git.git("config", "gpg.format", "ssh");
    git.git("config", "user.signingkey", key + ".pub");
    return folder.resolve(name + ".pub");
  }

  @Test
  void onlyAKnownSshKeyLetsACommitIn() throws Exception {
    Path ada = sshKey("ada");
    git.push("not signed");
    verify("HEAD", "{\"branch\": \"main\"}");
    rig.secret("signers", Map.of("ada.pub", Files.readAllBytes(ada)));
    rig.settle("apps");
    assertEquals("False NotSigned", rig.condition("apps", "Verified"));
    assertTrue(rig.cluster.get("ConfigMap/default/a").isEmpty());
    git.git("commit", "-q", "--allow-empty", "-S", "-m", "signed");
    git.git("push", "-q", "origin", "HEAD");
    rig.pull("apps");
    assertEquals(
        "True Verified", rig.condition("apps", "Verified"), rig.repository("apps")::toString);
    assertTrue(rig.cluster.get("ConfigMap/default/a").isPresent());
    sshKey("eve");
    git.git("commit", "-q", "--allow-empty", "-S", "-m", "of another");
    git.git("push", "-q", "origin", "HEAD");
    rig.pull("apps");
    assertEquals("False UnknownSigner", rig.condition("apps", "Verified"));
    assertEquals("False UnknownSigner", rig.condition("apps", "Ready"));
  }

  @Test
  void whatATagLacksIsSaid() throws Exception {
    Path ada = sshKey("ada");
    rig.secret("signers", Map.of("ada.pub", Files.readAllBytes(ada)));
    String commit = git.push("one");
    git.git("tag", "v1.0.0");
    git.git("tag", "-a", "-m", "not signed", "v1.1.0");
    git.git("push", "-q", "--tags", "origin");
    // What was applied before anybody asked for signatures had none either.
    follow("\"ref\": {\"tag\": \"v1.0.0\"}");
    rig.settle("apps");
    assertEquals("True Succeeded", rig.condition("apps", "Ready"));
    verify("Tag", "{\"tag\": \"v1.0.0\"}");
    rig.settle("apps");
    assertEquals("False NotSigned", rig.condition("apps", "Verified"));
    String message = rig.message("apps", "Verified");
    assertTrue(message.startsWith("v1.0.0 is a lightweight tag"), message);
    assertTrue(message.contains("git tag -s -f v1.0.0 " + commit), message);
    verify("Tag", "{\"tag\": \"v1.1.0\"}");
    rig.settle("apps");
    assertEquals("the tag is not signed: make it with git tag -s", rig.message("apps", "Verified"));
  }

  @Test
  void aTagSignedWithPgpIsChecked() throws Exception {
    Path home = Files.createDirectories(folder.resolve("gpg"));
    String[] gpg = {"gpg", "--homedir", home.toString(), "--batch", "-q"};
    TestRepository.run(
        folder,
        gpg[0],
        gpg[1],
        gpg[2],
        gpg[3],
        gpg[4],
        "--passphrase",
        "",
        "--quick-gen-key",
        "ada@example.com",
        "ed25519",
        "sign");
    String key =
        TestRepository.run(folder, gpg[0], gpg[1], gpg[2], gpg[3], gpg[4], "--armor", "--export");
    Path program = folder.resolve("program");
    Files.writeString(program, "#!/bin/sh\nexec gpg --homedir " + home + " \"$@\"\n");
    assertTrue(program.toFile().setExecutable(true));
    git.git("config", "gpg.program", program.toString());
    git.push("one");
    git.git("tag", "-s", "-u", "ada@example.com", "-m", "one", "v1.0.0");
    git.git("push", "-q", "--tags", "origin");
    TestRepository.run(folder, "gpgconf", "--homedir", home.toString(), "--kill", "all");
    verify("Tag", "{\"tag\": \"v1.0.0\"}");
    rig.secret("signers", Map.of("ada.asc", key.getBytes(UTF_8)));
    rig.settle("apps");
    assertEquals(
        "True Verified", rig.condition("apps", "Verified"), rig.repository("apps")::toString);
    assertTrue(rig.cluster.get("ConfigMap/default/a").isPresent());
  }
}
