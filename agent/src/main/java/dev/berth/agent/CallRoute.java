package dev.berth.agent;

import dev.berth.agent.endpoint.Call;
import dev.berth.agent.stream.Route;
import java.io.IOException;
import java.util.Optional;

/// `POST /endpoints/NAMESPACE/MODELAPP/call`
record CallRoute(Call call) implements Route {
  private static final int MAX_BODY = 64 << 20;

  @Override
  public Optional<Handler> match(Request request) {
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
    Call.Answer answer = call.post(request.part(1), request.part(2), type, body);
    response.head(answer.status(), answer.headers());
    response.write(answer.body());
  }
}
