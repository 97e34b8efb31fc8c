package dev.berth.controller.storage;

import java.util.List;

/// The values under a prefix, sorted by key, as they all were at one revision.
public record Range(List<Versioned> items, long revision) {}
