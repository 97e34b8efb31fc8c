package dev.berth.agent.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {
  private static final LogQuery LAST_TWO =
      new LogQuery(false, false, OptionalLong.of(2), OptionalLong.empty(), Optional.empty());
  private static final LogQuery FOLLOW =
      new LogQuery(true, false, OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

  @TempDir Path dir;

  private Path file() {
    return dir.resolve("0.log");
  }

  private static void write(Path file, String... lines) throws Exception {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append("2026-11-22T18:00:00.000000000Z stdout F ").append(line).append('\n');
    }
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private List<String> read(LogQuery query, BooleanSupplier ended) throws Exception {
    List<String> seen = new ArrayList<>();
    new LogReader(
            file(),
            query,
            bytes -> {
              seen.addAll(new String(bytes, StandardCharsets.UTF_8).lines().toList());
              return true;
            })
        .read(ended);
    return seen;
  }

  @Test
  void rotatedFilesComeFirst() throws Exception {
    write(LogRotation.numbered(file(), 2), "a");
    write(LogRotation.numbered(file(), 1), "b");
    write(file(), "c");
    assertEquals(List.of("a", "b", "c"), read(LogQuery.ALL, () -> true));
  }

  @Test
  void theTailIsToldWhereOnlyRotatedFilesAreLeft() throws Exception {
    write(LogRotation.numbered(file(), 1), "a", "b", "c");
    assertEquals(List.of("b", "c"), read(LAST_TWO, () -> true));
  }

  @Test
  void aFollowerReadsEveryFileThatWasRotatedBetweenTwoLooks() throws Exception {
    write(file(), "a");
    int[] asked = {0};
    List<String> seen =
        read(
            FOLLOW,
            () -> {
              asked[0]++;
              try {
                for (String line : asked[0] == 1 ? List.of("b", "c") : List.<String>of()) {
                  LogRotation.rotate(file());
                  write(file(), line);
                }
              } catch (Exception e) {
                throw new AssertionError(e);
              }
              return asked[0] > 2;
            });
    assertEquals(List.of("a", "b", "c"), seen);
  }

  /// The keeper writes to the old file until it hears of the new one.
  @Test
  void aFollowerReadsWhatCameBetweenRotationAndReopening() throws Exception {
    write(file(), "a");
    int[] asked = {0};
    List<String> seen =
        read(
            FOLLOW,
            () -> {
              asked[0]++;
              try {
                if (asked[0] == 1) {
                  LogRotation.rotate(file());
                  write(LogRotation.numbered(file(), 1), "b");
                  write(file(), "c");
                }
              } catch (Exception e) {
                throw new AssertionError(e);
              }
              return asked[0] > 2;
            });
    assertEquals(List.of("a", "b", "c"), seen);
  }

  private String text(LogQuery query, String... records) throws Exception {
    StringBuilder lines = new StringBuilder();
    for (String record : records) {
      lines.append("2026-11-22T18:00:00Z stdout ").append(record).append('\n');
    }
    Files.writeString(file(), lines);
    StringBuilder seen = new StringBuilder();
    new LogReader(
            file(),
            query,
            bytes -> {
              seen.append(new String(bytes, StandardCharsets.UTF_8));
              return true;
            })
        .read(() -> true);
    return seen.toString();
  }

  /// What is talked to writes its lines in parts.
  @Test
  void aLineInPartsIsOneLine() throws Exception {
    String[] records = {"F a", "P b", "P c", "F d", "P e", "P f"};
    assertEquals("bcd\nef", text(LAST_TWO, records));
    LogQuery dated =
        new LogQuery(false, true, OptionalLong.of(2), OptionalLong.empty(), Optional.empty());
    assertEquals("2026-11-22T18:00:00Z bcd\n2026-11-22T18:00:00Z ef", text(dated, records));
  }

  @Test
  void aLineWithoutEndLosesItsBeginning() throws Exception {
    String[] records = new String[5000];
    java.util.Arrays.fill(records, "P x");
    assertEquals(1002, text(LAST_TWO, records).length());
  }
}
