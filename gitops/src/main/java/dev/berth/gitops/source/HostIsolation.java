package dev.berth.gitops.source;

import java.io.File;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/// Lets JGit see nothing of the host's Git configuration: a `url.insteadOf`, a proxy or a
/// credential helper of the account that runs the controller must not change what is fetched.
final class HostIsolation extends SystemReader.Delegate {

  private HostIsolation(SystemReader host) {
    super(host);
  }

  /// Once for the process; again is fine.
  static synchronized void install() {
    SystemReader present = SystemReader.getInstance();
    if (!(present instanceof HostIsolation)) {
      SystemReader.setInstance(new HostIsolation(present));
    }
  }

  @Override
  public @Nullable String getenv(String variable) {
    return variable.startsWith("GIT_") ? null : super.getenv(variable);
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fs) {
    return new Empty(parent, fs);
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new Empty(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new Empty(parent, fs);
  }

  /// Never read, never written.
  private static final class Empty extends FileBasedConfig {
    Empty(Config parent, FS fs) {
      super(parent, new File("/dev/null"), fs);
    }

    @Override
    public void load() {}

    @Override
    public void save() {}

    @Override
    public boolean isOutdated() {
      return false;
    }

    /// How exact the clock of the file system is would be measured for seconds, with files in the
    /// clone: coarse is fine, the clones have one writer.
    @Override
    public long getTimeUnit(
        String section, @Nullable String subsection, String name, long otherwise, TimeUnit unit) {
      return section.equals("filesystem")
          ? unit.convert(10, TimeUnit.MILLISECONDS)
          : super.getTimeUnit(section, subsection, name, otherwise, unit);
    }
  }
}
