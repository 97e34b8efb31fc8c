package dev.berth.agent.network;

import java.nio.file.Path;

/// A pod's namespaces, bind-mounted in a directory as `net`, `ipc` and `uts`, and its address.
public record Sandbox(Path dir, String address, String link) {}
