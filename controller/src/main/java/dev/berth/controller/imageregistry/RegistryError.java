package dev.berth.controller.imageregistry;

import dev.berth.api.Json;
import tools.jackson.databind.node.ObjectNode;

/// A refusal in the distribution API's own form.
final class RegistryError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final String code;
  private final String text;

  RegistryError(int status, String code, String text) {
    super(text);
    this.status = status;
    this.code = code;
    this.text = text;
  }

  int status() {
    return status;
  }

  byte[] body() {
    ObjectNode body = Json.object();
    body.putArray("errors").addObject().put("code", code).put("message", text);
    return Json.bytes(body);
  }
}
