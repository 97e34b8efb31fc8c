package dev.berth.dashboard;

import dev.berth.api.Json;
import dev.berth.dashboard.port.Proven;
import dev.berth.dashboard.port.Request;
import dev.berth.dashboard.port.Viewer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A request in memory.
public record FakeRequest(
    String method,
    String path,
    String queryString,
    Map<String, String> headers,
    String text,
    Optional<Proven> caller,
    String remote)
    implements Request {

  public static FakeRequest get(String target) {
    return of("GET", target);
  }

  public static FakeRequest of(String method, String target) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : target.substring(mark + 1);
    return new FakeRequest(
        method, path, query, Map.of("host", "berth:6443"), "", Optional.empty(), "10.0.0.9");
  }

  public FakeRequest by(String user, String... groups) {
    return by(new Proven(new Viewer(user, List.of(groups)), Optional.empty(), () -> true));
  }

  public FakeRequest by(Proven proven) {
    return new FakeRequest(method, path, queryString, headers, text, Optional.of(proven), remote);
  }

  public FakeRequest with(String header, String value) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put(header.toLowerCase(Locale.ROOT), value);
    return new FakeRequest(method, path, queryString, all, text, caller, remote);
  }

  public FakeRequest from(String address) {
    return new FakeRequest(method, path, queryString, headers, text, caller, address);
  }

  /// As a page of the server's own sends it.
  public FakeRequest json(String body) {
    return new FakeRequest(method, path, queryString, headers, body, caller, remote)
        .with("Content-Type", "application/json")
        .with("Origin", "https://berth:6443");
  }

  public FakeRequest json(Map<String, String> fields) {
    var body = Json.object();
    fields.forEach(body::put);
    return json(Json.string(body));
  }

  @Override
  public Optional<String> query(String name) {
    return Arrays.stream(queryString.split("&"))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
        .findFirst();
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
  }

  @Override
  public byte[] body(int most) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
