package dev.berth.controller.apiserver;

import dev.berth.controller.auth.Identity;
import java.time.Instant;
import java.util.Optional;

/// One request that was answered, or whose stream has begun: what an audit event says of it, as
/// plain values.
///
/// @param stage `ResponseStarted` or `ResponseComplete`
/// @param id what the answer carried as `Audit-Id`
/// @param requester who sent it; [Identity#ANONYMOUS] also where the credentials were refused
/// @param impersonated whom it was to be taken for
/// @param code the answer's status; 0 where the client left before it
/// @param reason of a refusal, in Kubernetes' word; empty otherwise
record Answered(
    String stage,
    String id,
    String method,
    String path,
    String query,
    boolean watch,
    Identity requester,
    Optional<Identity> impersonated,
    String address,
    String agent,
    int code,
    String reason,
    Instant received,
    Instant ended) {}
