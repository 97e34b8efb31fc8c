package dev.berth.cli.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.BoundingBox;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Draws digits on the page with the mouse and reads the model's answer.
@EnabledIfSystemProperty(named = "berth.browser.url", matches = ".+")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DigitsBrowserTest {
  private static final int MOVES_PER_STROKE = 24;

  /// How a person may write them: strokes of points, on a page one unit wide and tall.
  private static final Map<Integer, List<double[][]>> HAND =
      Map.of(
          0, List.<double[][]>of(round(0.5, 0.5, 0.2, 0.33)),
          1, List.<double[][]>of(new double[][] {{0.38, 0.32}, {0.52, 0.17}, {0.52, 0.83}}),
          4,
              List.of(
                  new double[][] {{0.55, 0.17}, {0.27, 0.58}, {0.75, 0.58}},
                  new double[][] {{0.6, 0.38}, {0.58, 0.85}}),
          7, List.<double[][]>of(new double[][] {{0.28, 0.2}, {0.7, 0.2}, {0.45, 0.84}}));

  private Playwright playwright;
  private Browser browser;
  private Page page;

  @BeforeAll
  void openBrowser() {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(
                        Path.of(System.getProperty("berth.browser.path", "/usr/bin/chromium")))
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--host-resolver-rules=MAP *.localhost 127.0.0.1")));
  }

  @AfterAll
  void closeBrowser() {
    browser.close();
    playwright.close();
  }

  @BeforeEach
  void openPage() {
    page = browser.newPage();
    page.navigate(System.getProperty("berth.browser.url"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 7})
  void aDrawnDigitIsRead(int digit) {
    HAND.getOrDefault(digit, List.of()).forEach(this::draw);

    assertThat(page.locator("#prediction")).hasText(Integer.toString(digit));
    assertThat(page.locator("#probabilities li")).hasCount(10);

    page.locator("#clear").click();
    assertThat(page.locator("#prediction")).hasText("–");
    page.close();
  }

  private void draw(double[][] stroke) {
    BoundingBox pad = page.locator("canvas#pad").boundingBox();
    moveTo(pad, stroke[0], 1);
    page.mouse().down();
    for (int i = 1; i < stroke.length; i++) {
      moveTo(pad, stroke[i], Math.max(1, MOVES_PER_STROKE / stroke.length));
    }
    page.mouse().up();
  }

  private void moveTo(BoundingBox pad, double[] point, int steps) {
    page.mouse()
        .move(
            pad.x + point[0] * pad.width,
            pad.y + point[1] * pad.height,
            new com.microsoft.playwright.Mouse.MoveOptions().setSteps(steps));
  }

  private static double[][] round(double x, double y, double width, double height) {
    return IntStream.rangeClosed(0, 32)
        .mapToObj(i -> Math.toRadians(-80 - 360.0 * i / 32))
        .map(angle -> new double[] {x + width * Math.cos(angle), y + height * Math.sin(angle)})
        .toArray(double[][]::new);
  }
}
