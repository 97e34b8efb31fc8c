package dev.berth.dashboard;

import dev.berth.dashboard.port.ClusterView;
import dev.berth.dashboard.port.ImageCatalog;
import dev.berth.dashboard.port.Rights;
import dev.berth.dashboard.port.Tokens;
import dev.berth.dashboard.port.Traffic;
import dev.berth.dashboard.session.Sessions;
import java.time.InstantSource;

/// What a [Dashboard] stands on.
///
/// @param sessions shared with the API server, which asks it who a cookie is
public record Ports(
    ClusterView cluster,
    Rights rights,
    Tokens tokens,
    Traffic traffic,
    ImageCatalog images,
    Sessions sessions,
    InstantSource clock) {}
