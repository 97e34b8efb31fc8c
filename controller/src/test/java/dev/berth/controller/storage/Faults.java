package dev.berth.controller.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The library that fails calls on the store's files (`src/test/c/faults.c`): compiles it, starts
/// JVMs that have it loaded before everything else, and steers it from within them.
@SuppressWarnings("restricted") // our own few C functions, called with the types they have
public final class Faults {
  public static final int NO_SPACE = 1;
  public static final int SYNC_EIO = 3;

  private final SymbolLookup library;

  /// The preloaded library, as it is in this very process.
  public Faults(Path library) {
    this.library = SymbolLookup.libraryLookup(library, Arena.global());
  }

  /// Empty where there is no C compiler.
  public static boolean compile(Path library) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "cc",
            "-shared",
            "-fPIC",
            "-O2",
            "-o",
            library.toString(),
            "src/test/c/faults.c",
            "-ldl");
    return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
  }

  /// A JVM with the library in it that runs `main`.
  public static ProcessBuilder child(Path library, Class<?> main, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder child = new ProcessBuilder(command);
    child.environment().put("LD_PRELOAD", library.toString());
    return child;
  }

  private MethodHandle handle(String name, FunctionDescriptor type) {
    return Linker.nativeLinker().downcallHandle(library.find(name).orElseThrow(), type);
  }

  public void arm(int kind, long from) throws Throwable {
    handle("faults_arm", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG))
        .invokeExact(kind, from);
  }

  public void disarm() throws Throwable {
    handle("faults_disarm", FunctionDescriptor.ofVoid()).invokeExact();
  }

  /// Syncs since the library was armed, or since one was failed.
  public long syncs() throws Throwable {
    return (long)
        handle("faults_syncs", FunctionDescriptor.of(ValueLayout.JAVA_LONG)).invokeExact();
  }
}
