package dev.berth.cli.pack;

import java.nio.file.Path;

/// A context as it will be pushed: the archive, its digest, and what a person wants to know of it.
public record PackedContext(Path archive, String digest, long bytes, long files) {}
