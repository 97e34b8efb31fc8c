/// The server side of the dashboard: sessions, its static pages and one summary of everything a
/// viewer may see. It knows no HTTP library and no store; the controller mounts it and implements
/// its ports.
@NullMarked
package dev.berth.dashboard;

import org.jspecify.annotations.NullMarked;
