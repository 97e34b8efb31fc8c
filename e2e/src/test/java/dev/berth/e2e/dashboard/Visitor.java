package dev.berth.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.opentest4j.AssertionFailedError;

/// Somebody who looks at the dashboard, and all that goes wrong in their browser meanwhile.
final class Visitor implements AutoCloseable {
  static final Looks DESK = new Looks(1280, 860, ColorScheme.LIGHT);
  static final Looks POCKET = new Looks(360, 740, ColorScheme.LIGHT);

  /// A guard against hanging, in milliseconds.
  private static final double SHOWN_WITHIN =
      Double.parseDouble(System.getProperty("shown.within", "120000"));

  /// What Chromium says of a call to a model that does not run; the page says why.
  private static final String NO_REPLICA =
      "Failed to load resource: the server responded with a status of 503 ()";

  private static final String EARS =
      """
      document.addEventListener("securitypolicyviolation", (event) =>
        console.error("CSP " + event.violatedDirective + " " + event.blockedURI + " " + event.sample));
      """;

  /// The window that they look through.
  record Looks(int width, int height, ColorScheme scheme) {}

  private final BrowserContext context;
  private final String base;
  private final Page page;
  private final List<String> complaints = new ArrayList<>();
  private String place = "";

  Visitor(BrowserContext context, String base) {
    this.context = context;
    this.base = base;
    context.addInitScript(EARS);
    this.page = context.newPage();
    page.onPageError(error -> complain("error: " + error));
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") && !NO_REPLICA.equals(message.text())) {
            complain("console: " + message.text());
          }
        });
    page.onDialog(
        dialog -> {
          complain("dialog: " + dialog.message());
          dialog.dismiss();
        });
    page.onPopup(other -> complain("popup: " + other.url()));
  }

  Page page() {
    return page;
  }

  void complain(String text) {
    complaints.add(place + ": " + text);
  }

  /// What went wrong since this was asked the last time.
  List<String> complaints() {
    List<String> all = List.copyOf(complaints);
    complaints.clear();
    return all;
  }

  /// @param link as `berth dashboard` prints it
  void logIn(String link) {
    page.navigate(base + link.substring(link.indexOf("/ui/")));
    shown(page.locator("nav.places"));
    settle();
  }

  void logInWith(String token) {
    page.navigate(base + "/ui/");
    page.getByLabel("Or paste a token").fill(token);
    page.getByText("Log in", new Page.GetByTextOptions().setExact(true)).click();
    shown(page.locator("nav.places"));
    settle();
  }

  /// @param fragment as `#/nodes`
  void go(String fragment) {
    place = fragment;
    page.evaluate("fragment => { location.hash = fragment; }", fragment);
    settle();
  }

  /// Waits until the page has its content, whatever it is.
  private void settle() {
    shown(page.locator("main h1, main h2, main [role=alert], main form, main section").first());
    assertThat(page.locator("main .loading"))
        .hasCount(0, new LocatorAssertions.HasCountOptions().setTimeout(SHOWN_WITHIN));
  }

  void sees(String text) {
    shown(page.locator("main").getByText(text).first());
  }

  /// Fails with all that stands on the page instead.
  static void shown(Locator what) {
    try {
      assertThat(what).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(SHOWN_WITHIN));
    } catch (AssertionFailedError e) {
      throw new AssertionError(
          what + " is not shown, but\n" + what.page().locator("body").innerText(), e);
    }
  }

  /// Goes to every kind of place that links lead to, one or two of each: `#/pods/a/b` and
  /// `#/pods/a/c` are of one kind, `#/pods/a/b/logs` is of another.
  ///
  /// @param first names that are gone to before others of their kind
  /// @param look what is done at each
  /// @return where it was
  List<String> walk(List<String> first, Runnable look) {
    Map<String, List<String>> byKind = new LinkedHashMap<>();
    List<String> open = new ArrayList<>(List.of("#/"));
    TreeSet<String> known = new TreeSet<>(open);
    List<String> found = new ArrayList<>();
    while (!open.isEmpty()) {
      String next = open.removeFirst();
      found.add(next);
      go(next);
      look.run();
      for (String link : links(first)) {
        List<String> alike = byKind.computeIfAbsent(kind(link), _ -> new ArrayList<>());
        if (alike.size() < 2 && known.add(link)) {
          alike.add(link);
          open.add(link);
        }
      }
    }
    return found;
  }

  /// Those that name this come first.
  private List<String> links(List<String> first) {
    Object all =
        page.evaluate(
            "() => [...document.querySelectorAll(\"a[href^='#/']\")].map(a => a.getAttribute('href'))");
    return ((List<?>) all)
        .stream()
            .map(String::valueOf)
            .filter(link -> !link.contains("?"))
            .sorted(
                java.util.Comparator.comparing(link -> first.stream().noneMatch(link::contains)))
            .toList();
  }

  private static String kind(String link) {
    String[] parts = link.split("/", -1);
    return parts[1] + "/" + parts.length + "/" + (parts.length > 4 ? parts[4] : "");
  }

  /// Narrow and wide again; tells how many pixels are cut off, 0 when none.
  int cutOffWhenNarrow() {
    page.setViewportSize(POCKET.width(), POCKET.height());
    Object wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth");
    page.setViewportSize(DESK.width(), DESK.height());
    return ((Number) wide).intValue();
  }

  @Override
  public void close() {
    context.close();
  }
}
