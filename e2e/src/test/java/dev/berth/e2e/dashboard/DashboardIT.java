package dev.berth.e2e.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.Door;
import dev.berth.e2e.TestHost;
import dev.berth.e2e.conformance.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// Every screen that links lead to, with nothing to show, with something healthy, something broken
/// and something hostile.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DashboardIT {
  private final List<AutoCloseable> open = new ArrayList<>();
  private Chrome chrome;
  private Axe axe;
  private TestHost host;
  private Stage stage;
  private String base;

  @BeforeAll
  void startBerth() throws IOException, InterruptedException {
    chrome = opened(Chrome.open());
    axe = Axe.load();
    host = TestHost.create("dashboard");
    host.up().ok();
    Wire wire = opened(Wire.to(host));
    Door door = opened(Door.open(host, 6443));
    base = "https://127.0.0.1:" + door.port();
    stage = new Stage(host, wire);
  }

  private <T extends AutoCloseable> T opened(T one) {
    open.addFirst(one);
    return one;
  }

  @AfterAll
  void stopBerth() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
    if (host != null) {
      host.close();
    }
  }

  private String link() throws IOException, InterruptedException {
    return host.berth("dashboard").ok().out().strip();
  }

  private Visitor admin() throws IOException, InterruptedException {
    Visitor admin = chrome.visitor(base, Visitor.DESK);
    admin.logIn(link());
    return admin;
  }

  @Test
  @Order(1)
  void aLinkLogsInOnceAndIsGoneFromTheAddress() throws IOException, InterruptedException {
    String link = link();
    try (Visitor first = chrome.visitor(base, Visitor.DESK);
        Visitor second = chrome.visitor(base, Visitor.DESK)) {
      first.logIn(link);
      assertTrue(!first.page().url().contains("login"), first.page().url());
      second.page().navigate(base + link.substring(link.indexOf("/ui/")));
      Visitor.shown(second.page().getByText("This link was used already"));
    }
  }

  @Test
  @Order(2)
  void anEmptySystemHasNoBrokenScreen() throws IOException, InterruptedException {
    try (Visitor admin = admin()) {
      List<String> all = new ArrayList<>(admin.complaints());
      admin.walk(List.of(), () -> all.addAll(lookedAt(admin)));
      assertEquals(List.of(), all);
    }
  }

  @Test
  @Order(3)
  void nothingThatTheClusterSaysRunsAndEveryScreenCanBeRead()
      throws IOException, InterruptedException {
    stage.set();
    stage.await();
    try (Visitor admin = admin()) {
      admin.sees("digits");
      admin.sees("digitz:1");
      List<String> all = new ArrayList<>(admin.complaints());
      List<String> places =
          admin.walk(List.of("loud", "hostile"), () -> all.addAll(lookedAt(admin)));
      assertTrue(places.contains("#/pods/default/loud/logs"), places::toString);
      assertEquals(List.of(), all);
    }
  }

  /// What is wrong with the page that they look at.
  private List<String> lookedAt(Visitor visitor) {
    visitor.page().mouse().move(400, 300);
    Object ran = visitor.page().evaluate("() => top.ran");
    if (ran != null) {
      visitor.complain("payload " + ran + " ran");
    }
    int cut = visitor.cutOffWhenNarrow();
    if (cut > 0) {
      visitor.complain(cut + " px are cut off at 360");
    }
    axe.complaints(visitor.page()).forEach(visitor::complain);
    return visitor.complaints();
  }

  @Test
  @Order(4)
  void aLogIsTextToTheLastCharacter() throws IOException, InterruptedException {
    try (Visitor admin = admin()) {
      admin.go("#/pods/default/loud/logs");
      for (String text : List.of(Payloads.ALL.getFirst(), Payloads.ALL.get(3), "${top.ran=34}")) {
        admin.sees(text);
      }
      assertEquals(List.of(), admin.complaints());
    }
  }

  @Test
  @Order(5)
  void whoMayOnlyLookIsOfferedNothingElse() throws IOException, InterruptedException {
    try (Visitor viewer = chrome.visitor(base, Visitor.DESK)) {
      viewer.logInWith(stage.viewersToken());
      viewer.go("#/apps/default/digits");
      viewer.sees("Overview");
      assertOffered(viewer, "Try it", 0);
      viewer.go("#/pods/default/loud");
      viewer.sees("Logs");
      assertOffered(viewer, "Terminal", 0);
      viewer.go("#/pods/default/loud/yaml");
      viewer.sees("YAML");
      assertThat(viewer.page().locator("main button.primary")).hasCount(0);
    }
    try (Visitor admin = admin()) {
      admin.go("#/apps/default/digits");
      admin.sees("Try it");
      admin.go("#/pods/default/loud");
      admin.sees("Terminal");
    }
  }

  private static void assertOffered(Visitor visitor, String word, int times) {
    assertThat(visitor.page().locator("main nav.tabs").getByText(word)).hasCount(times);
  }
}
