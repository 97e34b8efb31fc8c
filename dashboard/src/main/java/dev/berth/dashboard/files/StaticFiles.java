package dev.berth.dashboard.files;

import dev.berth.dashboard.port.Answer;
import dev.berth.dashboard.port.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The dashboard's own files, and those of WebJars, by their path behind `/ui/`. A file is read,
/// compressed and tagged when it is first asked for; there are as many as the jars have.
public final class StaticFiles {
  private static final String OWN = "dev/berth/dashboard/web/";
  private static final String WEBJARS = "webjars/";
  private static final String START = "index.html";

  /// A class path may be folders: no segment may climb or be hidden.
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z0-9_@-][A-Za-z0-9._@-]*(/[A-Za-z0-9_@-][A-Za-z0-9._@-]*)*");

  /// The version is in the path, so what is there never changes.
  private static final Pattern VERSIONED =
      Pattern.compile("webjars/[^/]+/[0-9][^/]*/.+|vendor/[^/]+-[0-9][^/]*/.+");

  private final ClassLoader loader;
  private final Map<String, StaticFile> files = new ConcurrentHashMap<>();

  public StaticFiles(ClassLoader loader) {
    this.loader = loader;
  }

  /// The start page as text.
  ///
  /// @throws IllegalStateException where the pages are not on the class path
  public String startPage() {
    return find(START)
        .map(StaticFile::text)
        .orElseThrow(
            () -> new IllegalStateException("the dashboard's pages are not on the class path"));
  }

  /// The file, if there is one.
  ///
  /// @param path behind `/ui/`; empty for the start page
  public Optional<Answer> answer(String path, Request request) {
    return find(path.isEmpty() ? START : path).map(file -> file.answer(request));
  }

  private Optional<StaticFile> find(String path) {
    if (!PATH.matcher(path).matches() || !isServed(path)) {
      return Optional.empty();
    }
    return Optional.ofNullable(files.computeIfAbsent(path, this::read));
  }

  /// Of WebJars only what a page loads: they also carry sources, maps and packages' notes.
  private static boolean isServed(String path) {
    return path.startsWith(WEBJARS)
        ? path.endsWith(".js") || path.endsWith(".css")
        : StaticFile.isServed(path);
  }

  private @Nullable StaticFile read(String path) {
    String resource = path.startsWith(WEBJARS) ? "META-INF/resources/" + path : OWN + path;
    try (InputStream in = loader.getResourceAsStream(resource)) {
      return in == null
          ? null
          : StaticFile.of(path, in.readAllBytes(), VERSIONED.matcher(path).matches());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource + " from the class path", e);
    }
  }
}
