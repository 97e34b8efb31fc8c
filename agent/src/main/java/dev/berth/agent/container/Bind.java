package dev.berth.agent.container;

import java.nio.file.Path;

/// A host path shown at a path of the container; the target is made when the image lacks it.
public record Bind(Path source, String target, boolean directory, boolean readOnly) {}
