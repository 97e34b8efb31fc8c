package dev.berth.agent;

import dev.berth.agent.build.BuildHost;
import dev.berth.agent.build.Builds;
import dev.berth.agent.logs.LogQuery;
import dev.berth.agent.logs.LogReader;
import dev.berth.agent.stream.Route;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `GET /builds/NAMESPACE/NAME/log`
record BuildLogRoute(Sync sync, Builds builds, Path dataDir, InstantSource clock) implements Route {
  @Override
  public Optional<Handler> match(Request request) {
    return request.matches("GET", 4, "builds", "log")
        ? Optional.of(response -> serve(request, response))
        : Optional.empty();
  }

  private void serve(Request request, Response response) throws IOException, InterruptedException {
    Optional<ObjectNode> build = sync.build(new ObjectKey(request.part(1), request.part(2)));
    if (build.isEmpty()) {
      response.text(
          404, "image build " + request.part(1) + "/" + request.part(2) + " is not known here\n");
      return;
    }
    LogQuery query = LogQuery.parse(request.query(), clock);
    response.head(200, Map.of("content-type", "text/plain"));
    String uid = Json.uid(build.get());
    new LogReader(
            BuildHost.logFile(dataDir, request.part(1), request.part(2)), query, response::write)
        .read(() -> !builds.active(uid));
  }
}
