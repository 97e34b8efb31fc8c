package dev.berth.e2e.dashboard;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/// A Chromium without a window.
final class Chrome implements AutoCloseable {
  private static final Path PROGRAM =
      Path.of(System.getProperty("berth.browser.path", "/usr/bin/chromium"));

  private final Playwright playwright;
  private final Browser browser;

  private Chrome(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /// Skips the test, loudly, where there is no browser or nothing to drive it with.
  static Chrome open() {
    boolean there = System.getProperty("playwright.cli.dir") != null && Files.isExecutable(PROGRAM);
    if (!there) {
      System.err.println(
          "SKIPPED: no browser to look with; .ci/run names one with -Dplaywright.cli.dir and"
              + " -Dberth.browser.path");
    }
    Assumptions.assumeTrue(there, "no browser to look with");
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    return new Chrome(
        playwright,
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(PROGRAM)
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync"))));
  }

  /// A person with a browser of their own: no cookie of anybody else's.
  ///
  /// @param base the dashboard's server, as `https://127.0.0.1:6443`
  Visitor visitor(String base, Visitor.Looks looks) {
    return new Visitor(
        browser.newContext(
            new Browser.NewContextOptions()
                .setIgnoreHTTPSErrors(true)
                .setViewportSize(looks.width(), looks.height())
                .setColorScheme(looks.scheme())),
        base);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
