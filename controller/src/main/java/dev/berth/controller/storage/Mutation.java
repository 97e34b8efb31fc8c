package dev.berth.controller.storage;

import java.util.function.LongFunction;

/// One wanted change of one key, valid only while the key is at revision `expected`; [#ABSENT] says
/// that it must not exist. The bytes are asked for when the revision is known, so that the stored
/// value can carry it.
public sealed interface Mutation {
  long ABSENT = 0;

  String key();

  long expected();

  LongFunction<byte[]> bytesAt();

  /// Create or replace.
  record Put(String key, long expected, LongFunction<byte[]> bytesAt) implements Mutation {}

  /// Remove; the bytes are the last state as watchers see it.
  record Delete(String key, long expected, LongFunction<byte[]> bytesAt) implements Mutation {}
}
