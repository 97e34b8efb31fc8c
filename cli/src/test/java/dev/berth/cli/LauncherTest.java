package dev.berth.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `deploy/bin/berth` in an installed tree whose Java tells what it was given.
final class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "deploy", "bin", "berth");

  @TempDir Path tree;

  @BeforeEach
  void install() throws IOException {
    for (String directory : List.of("bin", "lib", "runtime/bin")) {
      Files.createDirectories(tree.resolve(directory));
    }
    Files.copy(LAUNCHER, tree.resolve("bin/berth"));
    Files.createFile(tree.resolve("lib/cli.jar"));
    Path java =
        Files.writeString(
            tree.resolve("runtime/bin/java"), "#!/bin/sh\nprintf '%s ' \"${LC_ALL-}\" \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /// Else an image with a file `é` cannot be unpacked by a service.
  @Test
  void namesOfFilesAreReadAsUtf8WhateverTheLocale() throws IOException, InterruptedException {
    for (String locale : List.of("", "LANG=C", "LC_ALL=POSIX", "LANG=xx_XX.UTF-8")) {
      String given = javaUnder(locale.isEmpty() ? List.of() : List.of(locale));
      assertTrue(given.startsWith("C.UTF-8 "), given);
    }
  }

  @Test
  void whatTheTerminalCanShowIsTold() throws IOException, InterruptedException {
    String given = javaUnder(List.of("LANG=de_DE.UTF-8", "LC_CTYPE=C"));
    assertTrue(given.contains(" -Dberth.locale=C "), given);
  }

  private String javaUnder(List<String> environment) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("env", "-i", "PATH=/usr/bin:/bin"));
    command.addAll(environment);
    command.addAll(List.of("sh", tree.resolve("bin/berth").toString(), "version"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }
}
