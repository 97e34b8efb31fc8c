package dev.berth.e2e.clients;

import java.util.List;
import java.util.regex.Pattern;

/// One command of a client, as a person types it, and what shows that it did its work.
///
/// @param name the row of the page
/// @param since the first version that has it, as `major * 1000 + minor`
/// @param steps what is typed, one after the other; all but the last have to exit with 0
/// @param code the exit code of the last step
/// @param shows found in what the last step prints
/// @param way whether the last step ends by itself
/// @param typed into the last step
/// @param alone whether it touches what all share, so that nobody else may run beside it
record Command(
    String name,
    int since,
    List<String> steps,
    int code,
    Pattern shows,
    Way way,
    Typed typed,
    boolean alone) {

  /// What a person types.
  ///
  /// @param text empty where nobody types anything
  /// @param terminal whether there is a terminal to type it into, or a file that is read
  record Typed(String text, boolean terminal) {
    static final Typed NOTHING = new Typed("", false);
  }

  /// How the last step comes to its end.
  enum Way {
    ENDS,
    /// It is ended as soon as it has shown what it should.
    FOLLOWS,
    /// The same; then the port that it names is asked for a page.
    FORWARDS
  }

  static Command of(String name, String shows, String... steps) {
    return new Command(
        name,
        0,
        List.of(steps),
        0,
        Pattern.compile(shows, Pattern.MULTILINE),
        Way.ENDS,
        Typed.NOTHING,
        false);
  }

  Command since(int major, int minor) {
    return new Command(name, major * 1000 + minor, steps, code, shows, way, typed, alone);
  }

  Command exiting(int other) {
    return new Command(name, since, steps, other, shows, way, typed, alone);
  }

  Command following() {
    return new Command(name, since, steps, code, shows, Way.FOLLOWS, typed, alone);
  }

  Command forwarding() {
    return new Command(name, since, steps, code, shows, Way.FORWARDS, typed, alone);
  }

  Command typing(String text) {
    return new Command(name, since, steps, code, shows, way, new Typed(text, false), alone);
  }

  Command typingIntoATerminal(String text) {
    return new Command(name, since, steps, code, shows, way, new Typed(text, true), alone);
  }

  Command whileNobodyElseRuns() {
    return new Command(name, since, steps, code, shows, way, typed, true);
  }

  boolean isIn(Client client) {
    return client.major() * 1000 + client.minor() >= since;
  }
}
