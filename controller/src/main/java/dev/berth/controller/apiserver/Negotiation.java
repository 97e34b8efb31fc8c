package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Chooses how an answer looks from the `Accept` header: the first offer that we can make.
enum Negotiation {
  OBJECT,
  TABLE,
  METADATA;

  static Negotiation of(String accept) {
    for (MediaType offer : MediaType.parseAll(accept)) {
      Optional<Negotiation> match = match(offer);
      if (match.isPresent()) {
        return match.get();
      }
    }
    throw new ApiException(
        new ApiError.NotAcceptable(
            "only the following media types are accepted: application/json, and its forms as=Table and as=PartialObjectMetadata of meta.k8s.io/v1"));
  }

  private static Optional<Negotiation> match(MediaType offer) {
    if (!List.of("application/json", "application/*", "*/*").contains(offer.name())) {
      return Optional.empty();
    }
    String as = offer.parameters().getOrDefault("as", "");
    boolean meta =
        offer.parameters().getOrDefault("g", "meta.k8s.io").equals("meta.k8s.io")
            && offer.parameters().getOrDefault("v", "v1").equals("v1");
    return switch (as) {
      case "" -> Optional.of(OBJECT);
      case "Table" -> meta ? Optional.of(TABLE) : Optional.empty();
      case "PartialObjectMetadata", "PartialObjectMetadataList" ->
          meta ? Optional.of(METADATA) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /// A media type with its parameters.
  record MediaType(String name, Map<String, String> parameters) {
    static List<MediaType> parseAll(String header) {
      String offers = header.isBlank() ? "*/*" : header;
      return Arrays.stream(offers.split(",", -1)).map(MediaType::parse).toList();
    }

    static MediaType parse(String text) {
      String[] parts = text.split(";", -1);
      Map<String, String> parameters = new HashMap<>();
      for (int i = 1; i < parts.length; i++) {
        int equals = parts[i].indexOf('=');
        if (equals > 0) {
          parameters.put(
              parts[i].substring(0, equals).strip(), parts[i].substring(equals + 1).strip());
        }
      }
      return new MediaType(parts[0].strip().toLowerCase(Locale.ROOT), parameters);
    }
  }
}
