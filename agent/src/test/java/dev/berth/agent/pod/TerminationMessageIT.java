package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.Sandbox;
import dev.berth.api.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What real containers leave in the file for their last words.
class TerminationMessageIT {
  @TempDir Path dir;
  private Sandbox box;
  private TerminationMessage message;

  @BeforeEach
  void start() throws Exception {
    box = new Sandbox(dir);
    message = new TerminationMessage(dir.resolve("pod/main/0.message"));
  }

  @AfterEach
  void stop() {
    box.close();
  }

  private String after(String path, String script) throws Exception {
    String pod =
        "{\"metadata\":{\"name\":\"p\",\"uid\":\"u\"},\"spec\":{\"containers\":[{\"name\":\"c\","
            + "\"image\":\"x\",\"terminationMessagePath\":\""
            + path
            + "\"}]}}";
    var wish = PodSpec.read(Json.parseObject(pod)).containers().getFirst();
    var binds = message.bind(box.containers.machine().sys(), wish);
    Container c = box.containers.start(box.spec("words", "sh", "-c", script).binding(binds));
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    box.containers.delete(c);
    return message.read("the log");
  }

  @Test
  void theFileIsToldAndElseWhatElseThereIs() throws Exception {
    assertEquals("DONE", after("/dev/termination-log", "printf DONE > /dev/termination-log"));
    assertEquals("the log", after("/dev/termination-log", "true"));
    assertEquals("OTHER", after("/var/words", "printf OTHER > /var/words"));
  }

  @Test
  void itIsForAllToWriteAndForNobodyToReplace() throws Exception {
    assertEquals(
        "666\n",
        after(
            "/dev/termination-log",
            "rm -f /dev/termination-log; ln -s /etc/passwd /dev/termination-log;"
                + " stat -c %a /dev/termination-log > /dev/termination-log"));
  }

  @Test
  void noMoreThanFourKilobytesAreTold() throws Exception {
    assertEquals(
        4096,
        after("/dev/termination-log", "head -c 9000 /dev/zero > /dev/termination-log").length());
    message.remove();
    assertFalse(Files.exists(message.file()));
    assertEquals("the log", message.read("the log"));
  }
}
