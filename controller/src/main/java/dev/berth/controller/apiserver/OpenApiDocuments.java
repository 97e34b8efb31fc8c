package dev.berth.controller.apiserver;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.schema.KindSchema;
import dev.berth.api.schema.OpenApi;
import dev.berth.api.schema.OpenApiV2;
import dev.berth.controller.http.HttpExchange;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// OpenAPI of what is served: version 3 as one document for each group version, version 2 as one
/// for all, which older clients read as protobuf. Made at the first question and kept as bytes,
/// until other kinds are served. Any thread.
final class OpenApiDocuments {
  /// In what Go clients send as `Accept`, `...spec.v2@v1.0+protobuf`. In an answer that sign is
  /// refused by Go's parser of media types.
  private static final String PROTOBUF_V2 = "com.github.proto-openapi.spec.v2";

  private static final String ANSWERED_V2 =
      "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

  private final Supplier<Collection<KindSchema>> kinds;
  private volatile Made made = new Made(null);

  /// The documents of one list of kinds; lists of the same kinds in the same order are equal.
  private record Made(@Nullable List<KindSchema> of, Map<String, Document> documents) {
    Made(@Nullable List<KindSchema> of) {
      this(of, new ConcurrentHashMap<>());
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Document(byte[] bytes, String tag) {
    static Document of(byte[] bytes) {
      return new Document(bytes, "\"" + Digest.sha256(bytes).hex() + "\"");
    }
  }

  OpenApiDocuments(Supplier<Collection<KindSchema>> kinds) {
    this.kinds = kinds;
  }

  /// `/openapi/v3`.
  void index(HttpExchange exchange) throws IOException {
    send(exchange, "application/json", document("v3", all -> Json.bytes(OpenApi.index(all))));
  }

  /// `/openapi/v3/api/v1`, `/openapi/v3/apis/GROUP/VERSION`; the caller has checked that it is
  /// served.
  void groupVersion(HttpExchange exchange, String name) throws IOException {
    Document found = document("v3 " + name, all -> Json.bytes(OpenApi.document(name, all)));
    send(exchange, "application/json", found);
  }

  /// `/openapi/v2`, as protobuf where the client's first choice is one, as JSON for all others.
  void version2(HttpExchange exchange) throws IOException {
    String wanted = exchange.header("Accept").orElse("");
    if (wanted.contains(PROTOBUF_V2)) {
      send(exchange, ANSWERED_V2, document("v2", all -> OpenApiV2.protobuf(version2(all))));
    } else {
      send(exchange, "application/json", document("v2 json", all -> Json.bytes(version2(all))));
    }
  }

  private static ObjectNode version2(Collection<KindSchema> all) {
    return OpenApiV2.document(all);
  }

  private Document document(String name, Function<Collection<KindSchema>, byte[]> make) {
    List<KindSchema> now = List.copyOf(kinds.get());
    Made present = made;
    if (!now.equals(present.of())) {
      present = new Made(now);
      made = present;
    }
    return present.documents().computeIfAbsent(name, _ -> Document.of(make.apply(now)));
  }

  private static void send(HttpExchange exchange, String type, Document document)
      throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", type);
    headers.put("ETag", document.tag());
    headers.put("Vary", "Accept");
    if (exchange.query("hash").isPresent()) {
      headers.put("Cache-Control", "public, immutable");
    }
    boolean known = exchange.header("If-None-Match").map(document.tag()::equals).orElse(false);
    exchange.respond(known ? 304 : 200, headers, known ? new byte[0] : document.bytes());
  }
}
