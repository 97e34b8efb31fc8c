package dev.berth.bench;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/// One connection to etcd over its own API (gRPC, etcd's `rpc.proto`). The few messages are made by
/// hand, bytes as they go over the wire: a generated client would only cost the client more.
final class EtcdLine implements AutoCloseable {
  private static final int LARGEST = 256 << 20;
  private static final int EVENTS_TAG = (11 << 3) | 2;
  private static final MethodDescriptor<byte[], byte[]> PUT = unary("etcdserverpb.KV/Put");
  private static final MethodDescriptor<byte[], byte[]> RANGE = unary("etcdserverpb.KV/Range");
  private static final MethodDescriptor<byte[], byte[]> WATCH =
      method("etcdserverpb.Watch/Watch", MethodType.BIDI_STREAMING);

  private final ManagedChannel channel;

  EtcdLine(int port) {
    channel =
        NettyChannelBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .usePlaintext()
            .directExecutor()
            .maxInboundMessageSize(LARGEST)
            .build();
  }

  void awaitReady() {
    ClientCalls.blockingUnaryCall(
        channel,
        RANGE,
        CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(30, TimeUnit.SECONDS),
        field(1, bytes("none")));
  }

  void put(String key, byte[] value) {
    ClientCalls.blockingUnaryCall(
        channel, PUT, CallOptions.DEFAULT, joined(field(1, bytes(key)), field(2, value)));
  }

  /// One key, or with an end every key from the first on and below the end; linearizable.
  ///
  /// @return length of the answer in bytes
  long get(String key, String end) {
    byte[] request =
        end.isEmpty() ? field(1, bytes(key)) : joined(field(1, bytes(key)), field(2, bytes(end)));
    return ClientCalls.blockingUnaryCall(channel, RANGE, CallOptions.DEFAULT, request).length;
  }

  /// @param delivered is told the number of events of each answer, on a thread of the connection; 0
  ///   for the one that says that the watch has begun
  /// @param failed is told why the watch has ended
  void watch(String key, String end, LongConsumer delivered, Consumer<Throwable> failed) {
    StreamObserver<byte[]> requests =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(WATCH, CallOptions.DEFAULT),
            new StreamObserver<>() {
              @Override
              public void onNext(byte[] answer) {
                delivered.accept(events(answer));
              }

              @Override
              public void onError(Throwable e) {
                failed.accept(e);
              }

              @Override
              public void onCompleted() {}
            });
    requests.onNext(field(1, joined(field(1, bytes(key)), field(2, bytes(end)))));
  }

  /// Counts the field `events` of a WatchResponse. All its other fields are numbers but two
  /// messages, which are skipped by their length.
  static long events(byte[] response) {
    long events = 0;
    int[] at = {0};
    while (at[0] < response.length) {
      long tag = number(response, at);
      long value = number(response, at);
      if ((tag & 7) == 2) {
        at[0] += (int) value;
      }
      events += tag == EVENTS_TAG ? 1 : 0;
    }
    return events;
  }

  private static long number(byte[] from, int[] at) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = from[at[0]++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  /// A length-delimited field (protobuf's wire type 2).
  static byte[] field(int number, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(value.length + 6);
    out.write((number << 3) | 2);
    int rest = value.length;
    for (; rest > 0x7f; rest >>>= 7) {
      out.write((rest & 0x7f) | 0x80);
    }
    out.write(rest);
    out.writeBytes(value);
    return out.toByteArray();
  }

  static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MethodDescriptor<byte[], byte[]> unary(String name) {
    return method(name, MethodType.UNARY);
  }

  private static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName(name)
        .setRequestMarshaller(Raw.BYTES)
        .setResponseMarshaller(Raw.BYTES)
        .build();
  }

  private enum Raw implements Marshaller<byte[]> {
    BYTES;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
