package dev.berth.agent;

import dev.berth.agent.endpoint.Call;
import dev.berth.agent.stream.Route;
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
/// without a body sends.
record CallRoute(Call call) implements Route {
  private static final int MAX_BODY = 64 << 20;

  @Override
  public Optional<Handler> match(Request request) {
    if (request.matches("GET", 4, "endpoints", "call")) {
      return Optional.of(
          response -> answer(response, call.about(request.part(1), request.part(2))));
    }
    return request.matches("POST", 4, "endpoints", "call")
        ? Optional.of(response -> serve(request, response))
        : Optional.empty();
  }

  private void serve(Request request, Response response) throws IOException, InterruptedException {
    byte[] body = request.body().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      response.text(413, "the body is larger than 64 MiB\n");
      return;
    }
    String type = request.headers().getOrDefault("content-type", "application/json");
    answer(response, call.post(request.part(1), request.part(2), type, body));
  }

  private static void answer(Response response, Call.Answer answer) throws IOException {
    response.head(answer.status(), answer.headers());
    response.write(answer.body());
  }
}
