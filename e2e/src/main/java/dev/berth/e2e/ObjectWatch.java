package dev.berth.e2e;

import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ResourceType;
import dev.berth.client.ApiClient;
import dev.berth.client.Informer;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import tools.jackson.databind.node.ObjectNode;

/// A process inside a test host's network namespace that prints every change of the objects that
/// tests wait for: one line for each, `KIND` and the object. A deleted one is printed as it was
/// last, marked `-KIND`.
public final class ObjectWatch {
  private static final List<ResourceType> WATCHED =
      List.of(Kinds.MODEL_APP, Kinds.POD, Kinds.NODE, Kinds.IMAGE_BUILD);

  private ObjectWatch() {}

  public static void main(String[] args) throws InterruptedException {
    ApiClient client = ApiClient.fromKubeconfig(Path.of(args[0]));
    PrintStream out = System.out;
    for (ResourceType type : WATCHED) {
      Informer.of(
          client,
          type,
          null,
          LabelSelector.EVERYTHING,
          FieldSelector.EVERYTHING,
          new Informer.Handler() {
            @Override
            public void added(ObjectNode object) {
              print(out, type.kind(), object);
            }

            @Override
            public void updated(ObjectNode old, ObjectNode object) {
              print(out, type.kind(), object);
            }

            @Override
            public void deleted(ObjectNode last) {
              print(out, "-" + type.kind(), last);
            }
          });
    }
    new CountDownLatch(1).await();
  }

  private static synchronized void print(PrintStream out, String kind, ObjectNode object) {
    out.println(kind + " " + Json.string(object));
    out.flush();
  }
}
