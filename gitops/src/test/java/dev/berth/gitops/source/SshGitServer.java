package dev.berth.gitops.source;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.apache.sshd.server.shell.ProcessShellFactory;

/// An ssh server on loopback that lets one key in and runs the real `git-upload-pack`.
final class SshGitServer implements AutoCloseable {
  private final SshServer server = SshServer.setUpDefaultServer();
  private final SimpleGeneratorHostKeyProvider hostKeys;

  SshGitServer(Path folder, PublicKey allowed) throws IOException {
    this.hostKeys = new SimpleGeneratorHostKeyProvider(folder.resolve("host.key"));
    hostKeys.setAlgorithm("EC");
    server.setHost("127.0.0.1");
    server.setPort(0);
    server.setKeyPairProvider(hostKeys);
    server.setPublickeyAuthenticator((user, key, session) -> KeyUtils.compareKeys(key, allowed));
    server.setCommandFactory(
        (channel, command) -> {
          String path = command.substring(command.indexOf('\'') + 1, command.lastIndexOf('\''));
          String full = folder + path;
          return new ProcessShellFactory("git upload-pack " + full, "git", "upload-pack", full)
              .createShell(channel);
        });
    server.start();
  }

  String url(String name) {
    return "ssh://git@127.0.0.1:" + server.getPort() + "/" + name;
  }

  String knownHosts() {
    return "[127.0.0.1]:"
        + server.getPort()
        + " "
        + PublicKeyEntry.toString(hostKeys.loadKeys(null).iterator().next().getPublic())
        + "\n";
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
