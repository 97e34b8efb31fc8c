package dev.berth.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.cli.term.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderWatchTest {
  @TempDir Path temp;

  @Test
  void aBurstIsHeardOnceAndAlsoFromFoldersThatAreNew() throws Exception {
    Path whole = Files.createDirectories(temp.resolve("whole"));
    try (FolderWatch watch = new FolderWatch()) {
      watch.watch(Set.of(), Set.of(whole));
      Files.writeString(whole.resolve("a"), "1");
      Files.createDirectory(whole.resolve("new"));
      Set<Path> first = watch.await();
      assertTrue(first.containsAll(Set.of(whole.resolve("a"), whole.resolve("new"))), "" + first);
      Files.writeString(whole.resolve("new/b"), "1");
      assertEquals(Set.of(whole.resolve("new/b")), watch.await());
    }
  }

  @Test
  void whatAnEditorWritesForItselfIsNoChange() throws Exception {
    try (FolderWatch watch = new FolderWatch()) {
      watch.watch(Set.of(temp), Set.of());
      Files.writeString(temp.resolve(".model.py.swp"), "1");
      Files.writeString(temp.resolve("model.py~"), "1");
      Files.writeString(temp.resolve("model.py"), "1");
      assertEquals(Set.of(temp.resolve("model.py")), watch.await());
    }
  }

  @Test
  void aFolderThatIsMadeAnewIsHeardAgain() throws Exception {
    Path whole = Files.createDirectories(temp.resolve("above/whole"));
    try (FolderWatch watch = new FolderWatch()) {
      watch.watch(Set.of(), Set.of(whole));
      Files.delete(whole);
      assertTrue(watch.await().contains(whole));
      Files.delete(temp.resolve("above"));
      watch.await();
      Files.createDirectories(whole.resolve("deep"));
      watch.await();
      Files.writeString(whole.resolve("deep/b"), "1");
      assertEquals(Set.of(whole.resolve("deep/b")), watch.await());
    }
  }

  @Test
  void anotherFolderOfThatNameTakesItsPlace() throws Exception {
    Path whole = Files.createDirectories(temp.resolve("whole"));
    Path other = Files.createDirectories(temp.resolve("other"));
    try (FolderWatch watch = new FolderWatch()) {
      watch.watch(Set.of(), Set.of(whole));
      Files.move(whole, temp.resolve("old"));
      Files.move(other, whole);
      assertEquals(Set.of(whole), watch.await());
      Files.writeString(whole.resolve("b"), "1");
      assertEquals(Set.of(whole.resolve("b")), watch.await());
    }
  }

  @Test
  void aFolderThatIsNeverQuietIsHeard() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    Thread busy =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; !over.get(); i++) {
                    LockSupport.parkNanos(20_000_000);
                    write(temp.resolve("log"), i);
                  }
                });
    try (FolderWatch watch = new FolderWatch()) {
      watch.watch(Set.of(temp), Set.of());
      for (int i = 0; i < 2; i++) {
        assertEquals(
            Set.of(temp.resolve("log")),
            assertTimeoutPreemptively(Duration.ofMinutes(1), watch::await));
      }
    } finally {
      over.set(true);
      busy.join();
    }
  }

  private static void write(Path file, int text) {
    try {
      Files.writeString(file, "" + text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void tooManyFoldersAreRefusedAgainAndDoNotHinderOthers() throws Exception {
    Path large = temp.resolve("large");
    Path small = Files.createDirectories(temp.resolve("small"));
    for (int i = 0; i <= FolderWatch.MOST_FOLDERS; i++) {
      Files.createDirectories(large.resolve("" + i));
    }
    try (FolderWatch watch = new FolderWatch()) {
      assertThrows(Failure.class, () -> watch.watch(Set.of(), Set.of(large)));
      assertThrows(Failure.class, () -> watch.watch(Set.of(), Set.of(large)));
      watch.watch(Set.of(), Set.of(small));
      Files.writeString(small.resolve("b"), "1");
      assertEquals(Set.of(small.resolve("b")), watch.await());
    }
  }

  @Test
  void foldersThatTheSystemRefusesDoNotHinderOthers() throws Exception {
    Path refused = Files.createDirectories(temp.resolve("refused/deep"));
    Path small = Files.createDirectories(temp.resolve("small"));
    FolderWatch.Registration full =
        (folder, service) -> {
          if (folder.equals(refused)) {
            throw new IOException("User limit of inotify watches reached");
          }
          return folder.register(service, StandardWatchEventKinds.ENTRY_CREATE);
        };
    try (FolderWatch watch = new FolderWatch(full)) {
      IOException e =
          assertThrows(
              IOException.class, () -> watch.watch(Set.of(), Set.of(temp.resolve("refused"))));
      assertTrue(String.valueOf(e.getMessage()).contains("raise fs.inotify"), e.getMessage());
      watch.watch(Set.of(), Set.of(small));
      Files.writeString(small.resolve("b"), "1");
      assertEquals(Set.of(small.resolve("b")), watch.await());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.py", ".dockerignore", "Dockerfile", ".env", "x.swift"})
  void otherNamesAre(String name) {
    assertFalse(FolderWatch.isOwn(Path.of(name)));
  }
}
