package dev.berth.dashboard.session;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.dashboard.port.Proven;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// All sessions and open login links. When the controller starts anew, everybody logs in again. A
/// user who logs in too often loses the oldest of the own sessions, and only when all users
/// together are too many the oldest of all.
public final class Sessions {
  public static final String COOKIE = "berth-session";
  static final Duration LIFE = Duration.ofHours(12);

  /// Long enough to copy a link, too short to find it in a terminal's scroll-back.
  static final Duration LINK_LIFE = Duration.ofMinutes(2);

  static final int MOST = 1_000;
  static final int MOST_PER_USER = 50;

  /// A browser sends all cookies of that name, of all paths.
  private static final int MOST_COOKIES = 8;

  private final InstantSource clock;
  private final Secrets secrets;
  private final Bounded<Session> sessions = new Bounded<>(session -> session.viewer().user());
  private final Bounded<Link> links = new Bounded<>(link -> link.proven().viewer().user());

  /// A session with what the browser's cookie shall hold.
  public record Opened(String cookie, Session session) {}

  private record Link(Proven proven, Instant expires) {}

  /// @param random one that nobody can foretell: `SecureRandom`
  public Sessions(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.secrets = new Secrets(random);
  }

  /// A code that opens one session for this very person, within [#LINK_LIFE].
  String link(Proven proven) {
    String code = secrets.next();
    links.put(Secrets.digest(code), new Link(proven, clock.instant().plus(LINK_LIFE)));
    return code;
  }

  /// Empty where the code is wrong, was used, or is too old.
  Optional<Opened> redeem(String code) {
    Instant now = clock.instant();
    return links
        .remove(Secrets.digest(code))
        .filter(link -> now.isBefore(link.expires()) && link.proven().isGood(now))
        .map(link -> open(link.proven()));
  }

  public Opened open(Proven proven) {
    Instant now = clock.instant();
    Instant latest = now.plus(LIFE);
    Instant expires = proven.until().filter(latest::isAfter).orElse(latest);
    Opened opened = new Opened(secrets.next(), new Session(proven, secrets.next(), expires));
    sessions.put(Secrets.digest(opened.cookie()), opened.session());
    return opened;
  }

  /// The session that a request may use; empty where none of its cookies is one. Where there are
  /// several, which another port of the host can bring about, the one of the page that asks.
  ///
  /// @param cookies the values of all its `Cookie` lines, joined by `; `
  /// @throws ApiException `Forbidden`, naming what is missing, where the session does not allow
  ///   this
  public Optional<Session> admit(String cookies, Approach approach) {
    List<Session> all = values(cookies).flatMap(secret -> good(secret).stream()).toList();
    Optional<Session> found =
        all.stream()
            .filter(session -> session.isOf(approach.csrf()))
            .findFirst()
            .or(() -> all.stream().findFirst());
    found
        .flatMap(session -> session.refusal(approach))
        .ifPresent(
            refusal -> {
              throw new ApiException(new ApiError.Forbidden(refusal));
            });
    return found;
  }

  private Optional<Session> good(String secret) {
    String key = Secrets.digest(secret);
    Optional<Session> found = sessions.get(key);
    // Outside of the lock: whether a token still holds may take a signature's check.
    if (found.isPresent() && !found.get().isGood(clock.instant())) {
      sessions.remove(key);
      return Optional.empty();
    }
    return found;
  }

  void close(String cookies) {
    values(cookies).forEach(secret -> sessions.remove(Secrets.digest(secret)));
  }

  /// Closes what a browser leaves behind that logs in again. Its cookie alone could end the session
  /// of somebody else, so that one stays.
  void closeOwn(String cookies, Opened instead) {
    String user = instead.session().viewer().user();
    values(cookies)
        .map(Secrets::digest)
        .filter(key -> sessions.get(key).filter(s -> s.viewer().user().equals(user)).isPresent())
        .forEach(sessions::remove);
  }

  int size() {
    return sessions.size();
  }

  private static java.util.stream.Stream<String> values(String cookies) {
    return Arrays.stream(cookies.split(";", -1))
        .map(String::strip)
        .filter(pair -> pair.startsWith(COOKIE + "="))
        .map(pair -> pair.substring(COOKIE.length() + 1))
        .limit(MOST_COOKIES);
  }

  /// The oldest first, so that the oldest goes first.
  private static final class Bounded<T> {
    private final Map<String, T> byDigest = new LinkedHashMap<>();
    private final Function<T, String> user;

    Bounded(Function<T, String> user) {
      this.user = user;
    }

    synchronized void put(String digest, T value) {
      String name = user.apply(value);
      long own = byDigest.values().stream().filter(v -> user.apply(v).equals(name)).count();
      if (own >= MOST_PER_USER) {
        removeOldest(name);
      } else if (byDigest.size() >= MOST) {
        byDigest.remove(byDigest.keySet().iterator().next());
      }
      byDigest.put(digest, value);
    }

    private void removeOldest(String name) {
      byDigest.entrySet().stream()
          .filter(entry -> user.apply(entry.getValue()).equals(name))
          .map(Map.Entry::getKey)
          .findFirst()
          .ifPresent(byDigest::remove);
    }

    synchronized Optional<T> get(String digest) {
      return Optional.ofNullable(byDigest.get(digest));
    }

    synchronized Optional<T> remove(String digest) {
      return Optional.ofNullable(byDigest.remove(digest));
    }

    synchronized int size() {
      return byDigest.size();
    }
  }
}
