package dev.berth.gitops.port;

import dev.berth.api.ObjectKey;
import java.util.Optional;

/// On whose behalf the engine writes: a repository, with the rights of a ServiceAccount of its
/// namespace, or without one with what an admin of that namespace may write there (RBAC not among
/// it).
public record Actor(ObjectKey repository, Optional<String> serviceAccountName) {}
