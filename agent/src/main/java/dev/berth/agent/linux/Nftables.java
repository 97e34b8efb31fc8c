package dev.berth.agent.linux;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// libnftables: a batch of commands in nft's own language becomes one atomic transaction of the
/// namespace in which the process stands. Serialised, because a context holds the output of its
/// last command.
public final class Nftables implements AutoCloseable {
  private final Pointer context;

  private static final class Lib {
    static {
      Native.register(Lib.class, "libnftables.so.1");
    }

    static native Pointer nft_ctx_new(int flags);

    static native void nft_ctx_free(Pointer context);

    static native int nft_ctx_buffer_output(Pointer context);

    static native int nft_ctx_buffer_error(Pointer context);

    static native Pointer nft_ctx_get_output_buffer(Pointer context);

    static native Pointer nft_ctx_get_error_buffer(Pointer context);

    static native int nft_run_cmd_from_buffer(Pointer context, byte[] commands);
  }

  public Nftables() {
    context = Lib.nft_ctx_new(0);
    Lib.nft_ctx_buffer_output(context);
    Lib.nft_ctx_buffer_error(context);
  }

  /// Runs the batch, all or nothing, and returns what it printed.
  public synchronized String run(String commands) {
    byte[] bytes = commands.getBytes(StandardCharsets.UTF_8);
    int result = Lib.nft_run_cmd_from_buffer(context, Arrays.copyOf(bytes, bytes.length + 1));
    String output = Lib.nft_ctx_get_output_buffer(context).getString(0);
    if (result != 0) {
      throw new IllegalStateException(
          "nftables refused: " + Lib.nft_ctx_get_error_buffer(context).getString(0).strip());
    }
    return output;
  }

  @Override
  public synchronized void close() {
    Lib.nft_ctx_free(context);
  }
}
