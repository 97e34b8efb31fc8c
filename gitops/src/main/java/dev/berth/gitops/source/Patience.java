package dev.berth.gitops.source;

import java.time.Duration;

/// How long is waited for a server.
///
/// @param silence for its next byte
/// @param longest for all that it answers on one connection
public record Patience(Duration silence, Duration longest) {}
