package dev.berth.e2e.clients;

import dev.berth.e2e.TestHost;
import java.util.Arrays;
import java.util.regex.Pattern;

/// What came of one command of one client.
sealed interface Verdict {
  /// It did its work.
  record Passes() implements Verdict {}

  /// The client is older than the command.
  record Lacks() implements Verdict {}

  /// It did not.
  ///
  /// @param because the client's own words where it had some
  record No(String because) implements Verdict {}

  Pattern NOISE = Pattern.compile("^(W|I|E)[0-9]{4} .*|^Warning: .*|^Flag .* deprecated.*");
  int LONGEST = 160;

  static Verdict of(Command command, TestHost.Ran ran) {
    boolean shown = command.shows().matcher(ran.out() + ran.err()).find();
    if (ran.code() == command.code() && shown) {
      return new Passes();
    }
    if (ran.code() == command.code()) {
      return new No("prints `" + first(ran.out() + ran.err()) + "`");
    }
    return failed(ran);
  }

  /// 124 is what `timeout` says.
  static No failed(TestHost.Ran ran) {
    String said = first(ran.err() + "\n" + ran.out());
    return new No(ran.code() == 124 ? "does not end: " + said : said);
  }

  private static String first(String text) {
    String line =
        Arrays.stream(text.split("\n", -1))
            .map(String::strip)
            .filter(l -> !l.isEmpty() && !NOISE.matcher(l).matches())
            .findFirst()
            .orElse("nothing");
    String plain =
        line.replaceAll("(kubectl|helm)-[0-9]+-[0-9]+", "NS")
            .replaceAll("127[.]0[.]0[.]1:[0-9]+", "SERVER")
            .replaceAll("/[^ ]*/(home|clients)[^ ]*", "FILE")
            .replaceAll("-[0-9a-f]{8,10}-[a-z0-9]{5}", "-POD")
            .replace('|', '/')
            .replace('`', '\'');
    return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "..." : plain;
  }
}
