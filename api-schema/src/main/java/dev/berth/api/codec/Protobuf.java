package dev.berth.api.codec;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.codec.ProtobufTable.Message;
import java.util.Arrays;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// Bodies of `application/vnd.kubernetes.protobuf`. Go clients send what they type themselves in
/// this form and do not fall back to JSON, so it must be read; it is never written. A body is
///
/// ```
/// "k8s" 0x00, then runtime.Unknown { 1 typeMeta { 1 apiVersion, 2 kind },
///                                    2 raw (the message of that kind),
///                                    3 contentEncoding, 4 contentType }
/// ```
///
/// (k8s.io/apimachinery, `pkg/runtime/serializer/protobuf`). The tree is what the same client would
/// have sent as JSON: names, quantities, times and bytes as in JSON, and no zero that Go's
/// `omitempty` would have left out. Fields that the table does not know are skipped, as Kubernetes
/// does. Pure, any thread.
public final class Protobuf {
  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private Protobuf() {}

  public static boolean isProtobuf(byte[] body) {
    return body.length >= MAGIC.length
        && Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /// Throws an `ApiException` with a `BadRequest`, and nothing else, for whatever is wrong with the
  /// body: no magic number, a cut or contradicting message, a kind without a table, a tree deeper
  /// than [Json#MAX_DEPTH] or of more than half a million values.
  public static ObjectNode decode(byte[] body) {
    if (!isProtobuf(body)) {
      throw refused("it does not start with the magic number \"k8s\\0\"");
    }
    Envelope envelope = Envelope.read(new WireReader(body, MAGIC.length, body.length));
    ObjectNode object = Json.object();
    object.put("apiVersion", envelope.apiVersion()).put("kind", envelope.kind());
    if (envelope.isJson()) {
      return object.setAll(json(envelope.raw().rest()));
    }
    Message message =
        ProtobufTable.messageOf(envelope.apiVersion(), envelope.kind())
            .orElseThrow(
                () ->
                    refused(
                        "no kind \"%s\" is known for version \"%s\""
                            .formatted(envelope.kind(), envelope.apiVersion())));
    new ProtobufDecoder().fields(envelope.raw(), message, object, 1);
    return object;
  }

  private static ObjectNode json(byte[] raw) {
    try {
      return Json.parseObject(raw);
    } catch (JacksonException | IllegalArgumentException e) {
      throw refused("its content is not JSON: " + e.getMessage());
    }
  }

  static ApiException refused(String why) {
    return new ApiException(
        new ApiError.BadRequest("the protobuf body of the request cannot be read: " + why));
  }

  /// runtime.Unknown.
  private record Envelope(
      String apiVersion, String kind, WireReader raw, String encoding, String contentType) {

    boolean isJson() {
      return contentType.equals("application/json");
    }

    static Envelope read(WireReader wire) {
      String apiVersion = "";
      String kind = "";
      String encoding = "";
      String contentType = "";
      WireReader raw = new WireReader(new byte[0], 0, 0);
      while (!wire.atEnd()) {
        int tag = wire.tag();
        switch (tag) {
          case 1 << 3 | WireReader.LENGTH -> {
            WireReader type = wire.message();
            while (!type.atEnd()) {
              int inner = type.tag();
              switch (inner) {
                case 1 << 3 | WireReader.LENGTH -> apiVersion = type.text();
                case 2 << 3 | WireReader.LENGTH -> kind = type.text();
                default -> type.skip(inner);
              }
            }
          }
          case 2 << 3 | WireReader.LENGTH -> raw = wire.message();
          case 3 << 3 | WireReader.LENGTH -> encoding = wire.text();
          case 4 << 3 | WireReader.LENGTH -> contentType = wire.text();
          default -> wire.skip(tag);
        }
      }
      return new Envelope(apiVersion, kind, raw, encoding, contentType).checked();
    }

    private Envelope checked() {
      if (!encoding.isEmpty()) {
        throw refused("its content encoding \"" + encoding + "\" is not supported");
      }
      if (kind.isEmpty() || apiVersion.isEmpty()) {
        throw refused("its typeMeta names no kind or no apiVersion");
      }
      return this;
    }
  }
}
