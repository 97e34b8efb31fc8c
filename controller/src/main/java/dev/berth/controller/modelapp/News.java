package dev.berth.controller.modelapp;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.controller.reconcile.Note;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What is worth an Event: the root cause has become another one, or the ModelApp is ready again. A
/// further try that fails in the same way is no news, nor is what passes by itself.
final class News {
  private static final String COMPONENT = "modelapp-controller";

  private News() {}

  static Optional<Note> between(ObjectNode before, ObjectNode after) {
    Optional<Condition> now = Conditions.find(after, "Ready");
    Optional<Condition> then = Conditions.find(before, "Ready");
    boolean same = said(then).equals(said(now));
    return now.filter(_ -> !same).filter(News::isNews).map(ready -> note(after, ready));
  }

  private static String said(Optional<Condition> ready) {
    return ready.map(c -> c.isTrue() ? "" : c.reason()).orElse("?");
  }

  private static boolean isNews(Condition ready) {
    return ready.isTrue() || !StatusReport.passes(ready.reason());
  }

  private static Note note(ObjectNode modelApp, Condition ready) {
    return ready.isTrue()
        ? Note.normal(modelApp, "Ready", ready.message(), COMPONENT)
        : Note.warning(modelApp, ready.reason(), ready.message(), COMPONENT);
  }
}
