package dev.berth.api.why;

import dev.berth.api.Json;
import dev.berth.api.Nearest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What to do about a server that listens, speaks or serves something else than is declared: the
/// agent's message says what.
final class EndpointRemedies {
  private static final Pattern NUMBER = Pattern.compile("(?<![\\d.])\\d{1,5}(?![\\d.]*\\d)");
  private static final Pattern LOOKS = Pattern.compile("looks like (open-inference|openai|http)");

  private final PodPlace pod;
  private final String message;

  EndpointRemedies(PodPlace pod, String message) {
    this.pod = pod;
    this.message = message;
  }

  Remedy port() {
    List<String> heard = heard();
    String declared = pod.declaredPort().orElse("the declared port");
    String other = ", or let the server listen on " + declared;
    return heard.isEmpty()
        ? Remedy.of("set " + pod.port() + " to the port that the server listens on" + other)
        : Remedy.of(
            "set "
                + pod.port()
                + ": "
                + heard.getFirst()
                + (heard.size() > 1
                    ? " (it also listens on "
                        + String.join(", ", heard.subList(1, heard.size()))
                        + ")"
                    : "")
                + other);
  }

  /// The ports in the message that others can reach, other than the declared one.
  private List<String> heard() {
    String declared = pod.declaredPort().orElse("");
    return NUMBER
        .matcher(message.replaceAll("(127\\.0\\.0\\.1|\\[::1]):\\d+", ""))
        .results()
        .map(MatchResult::group)
        .filter(number -> !number.equals(declared))
        .distinct()
        .toList();
  }

  Remedy protocol() {
    Matcher looks = LOOKS.matcher(message.toLowerCase(Locale.ROOT));
    if (looks.find()) {
      return Remedy.of("set spec.endpoint.protocol: " + looks.group(1) + andModelName());
    }
    return message.contains("in neither protocol")
        ? Remedy.of("set spec.endpoint.protocol: http, or let the server speak what is declared")
        : Remedy.of("set spec.endpoint.protocol to what the server speaks, or to auto");
  }

  /// The other protocol may know the model under another name: said now, it is no second failure.
  private String andModelName() {
    List<String> names = Offered.in(message);
    return names.isEmpty() || names.contains(declaredName()) ? "" : " and " + named(names);
  }

  Remedy modelName() {
    return Remedy.of("set " + named(Offered.in(message)));
  }

  /// `spec.endpoint.modelName: digits`, as near as the names that the server has tell it.
  private String named(List<String> names) {
    String field = "spec.endpoint.modelName";
    Optional<String> near =
        names.size() == 1 ? Optional.of(names.getFirst()) : Nearest.of(declaredName(), names);
    return near.map(name -> field + ": " + name)
        .orElse(
            names.isEmpty()
                ? field + " to the name that the server uses"
                : field + " to one of " + String.join(", ", names));
  }

  private String declaredName() {
    return Json.annotation(pod.pod(), "berth.dev/model-name").orElse("");
  }
}
