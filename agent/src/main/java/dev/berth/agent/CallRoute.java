package dev.berth.agent;

import dev.berth.agent.endpoint.Call;
import dev.berth.agent.endpoint.CallMemory;
import dev.berth.agent.stream.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;

/// `POST /endpoints/NAMESPACE/MODELAPP/call` asks the model; `GET` tells what may be asked:
///
/// ```json
/// {"protocol": "open-inference", "modelName": "digits", "path": "/v2/models/digits/infer",
///  "metadata": {"inputs": [{"name": "image", "datatype": "FP32", "shape": [-1, 64]}]},
///  "example": {"inputs": [{"name": "image", "datatype": "FP32", "shape": [1, 64], "data": [0]}]}}
/// ```
///
/// `metadata` is the model's own and empty where its protocol has none; `example` is what a POST
/// without a body sends, or empty with a `reason` why there is none.
record CallRoute(Call call) implements Route {
  private static final int MAX_BODY = 64 << 20;
  private static final int PIECE = 32 * 1024;

  @Override
  public Optional<Handler> match(Request request) {
    if (request.matches("GET", 4, "endpoints", "call")) {
      return Optional.of(response -> about(request, response));
    }
    return request.matches("POST", 4, "endpoints", "call")
        ? Optional.of(response -> post(request, response))
        : Optional.empty();
  }

  private void about(Request request, Response response) throws IOException, InterruptedException {
    try (CallMemory.Held held = call.hold()) {
      answer(response, call.about(request.part(1), request.part(2), held));
    }
  }

  private void post(Request request, Response response) throws IOException, InterruptedException {
    try (CallMemory.Held held = call.hold()) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      byte[] piece = new byte[PIECE];
      for (int n = request.body().read(piece); n >= 0; n = request.body().read(piece)) {
        if (body.size() + n > MAX_BODY) {
          answer(response, Call.tooLarge(MAX_BODY));
          return;
        }
        if (!held.takeBody(n)) {
          answer(response, Call.noMemory());
          return;
        }
        body.write(piece, 0, n);
      }
      String type = request.headers().getOrDefault("content-type", "application/json");
      answer(response, call.post(request.part(1), request.part(2), type, body.toByteArray(), held));
    }
  }

  private static void answer(Response response, Call.Answer answer) throws IOException {
    response.head(answer.status(), answer.headers());
    response.write(answer.body());
  }
}
