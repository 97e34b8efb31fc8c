package dev.berth.cli.look;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.cli.term.Table;
import dev.berth.cli.term.Terminal;
import dev.berth.client.ApiClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Follows a collection as table rows until the process is interrupted, or nobody reads them. The
/// server ends a watch now and then; it goes on from the last revision seen.
final class TableWatch {
  private final Terminal terminal;
  private final ApiClient client;
  private final String path;
  private final ServerTable.Extras extras;

  TableWatch(Terminal terminal, ApiClient client, String path, ServerTable.Extras extras) {
    this.terminal = terminal;
    this.client = client;
    this.path = path;
    this.extras = extras;
  }

  void follow(Table layout, String from) throws IOException {
    String revision = from;
    while (terminal.dataIsTaken()) {
      String query =
          (path.contains("?") ? "&" : "?")
              + "watch=true&allowWatchBookmarks=true&resourceVersion="
              + revision;
      HttpResponse<InputStream> response =
          client.raw(
              "GET", path + query, Map.of("Accept", ServerTable.ACCEPT), BodyPublishers.noBody());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
        revision = print(lines, layout, revision, response.statusCode());
      }
    }
  }

  private String print(BufferedReader lines, Table layout, String from, int status)
      throws IOException {
    String revision = from;
    for (String line = lines.readLine();
        line != null;
        line = terminal.dataIsTaken() ? lines.readLine() : null) {
      JsonNode event = Json.parse(line);
      if (status != 200 || Json.text(event, "type").equals("ERROR")) {
        throw new ApiException(
            ApiError.fromStatus(status, status == 200 ? event.path("object") : event));
      }
      revision = show(event, layout, revision);
    }
    return revision;
  }

  private String show(JsonNode event, Table layout, String from) {
    ServerTable table = ServerTable.of(event.path("object"), extras);
    boolean bookmark = Json.text(event, "type").equals("BOOKMARK");
    for (List<String> row : bookmark ? List.<List<String>>of() : table.rows()) {
      layout.widen(row);
      terminal.data(layout.line(row));
    }
    terminal.flush();
    String seen = Json.resourceVersion(event.path("object").path("rows").path(0).path("object"));
    return seen.isEmpty()
        ? (table.resourceVersion().isEmpty() ? from : table.resourceVersion())
        : seen;
  }
}
