package dev.berth.controller.storage;

/// What a copy of the store holds: everything up to `revision`, and nothing after it.
public record Snapshot(long revision, long objects) {}
