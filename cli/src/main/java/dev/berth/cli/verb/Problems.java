package dev.berth.cli.verb;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Printable;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Terminal;
import dev.berth.client.Unreachable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/// Turns what a verb threw into a message and an exit code.
public final class Problems {
  static final String UP = "is it up?   sudo berth up --detach";
  private static final List<String> IS_IT_UP = List.of(UP);

  private Problems() {}

  public static Exit report(Terminal terminal, String verb, Exception problem) {
    terminal.dataStream().flush();
    Failure failure = failure(problem);
    terminal.say(
        Paint.RED.of(
            verb + ": " + Printable.text(String.valueOf(failure.getMessage())),
            terminal.coloursInProgress()));
    failure.next().forEach(next -> terminal.say("  " + Printable.line(next)));
    return failure.exit();
  }

  static Failure failure(Exception problem) {
    return switch (problem) {
      case Failure failure -> failure;
      case ApiException api when isUnreachable(api) -> unreachable(api.error().message(), IS_IT_UP);
      case ApiException api -> ofApi(api.error());
      case UncheckedIOException io when io.getCause() != null -> ofIo(io.getCause());
      case IOException io -> ofIo(io);
      default ->
          new Failure(
              Exit.FAILED,
              "unexpected: " + problem,
              "this is a fault of berth's own; please report it with the command you ran");
    };
  }

  private static Failure ofApi(ApiError error) {
    return switch (error) {
      case ApiError.Unauthorized no ->
          Failure.of(no.message(), "the server does not know this user: check --kubeconfig");
      case ApiError.Invalid invalid -> new Failure(Exit.INVALID_MANIFEST, invalid.message());
      default -> Failure.of(error.message());
    };
  }

  private static Failure ofIo(IOException problem) {
    return switch (problem) {
      case ConnectException e -> unreachable("cannot reach it: " + Unreachable.why(e), IS_IT_UP);
      case UnknownHostException e -> unreachable("unknown host " + message(e), IS_IT_UP);
      case HttpTimeoutException e -> unreachable(Unreachable.why(e), IS_IT_UP);
      case SocketTimeoutException e -> unreachable(message(e), IS_IT_UP);
      case NoSuchFileException e -> Failure.of("there is no file " + message(e));
      case AccessDeniedException e ->
          Failure.of("cannot read " + message(e) + ": permission denied");
      default -> Failure.of(message(problem));
    };
  }

  /// A server that answers 503 was reached, and its own words say what is the matter.
  public static boolean isUnreachable(ApiException problem) {
    return problem.error() instanceof ApiError.ServiceUnavailable
        && problem.getCause() instanceof IOException;
  }

  static Failure unreachable(String why, List<String> hints) {
    return new Failure(Exit.UNREACHABLE, why, hints.toArray(String[]::new));
  }

  private static String message(Exception problem) {
    return problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
  }
}
