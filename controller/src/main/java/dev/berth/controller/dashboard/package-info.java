/// Puts module `dashboard` into this server: its surface at `/ui`, its sessions among the
/// credentials, and what it asks for (objects, rights, tokens, traffic, images) from the parts that
/// have it. Nothing is decided here. Called by requests, each on its own thread.
@NullMarked
package dev.berth.controller.dashboard;

import org.jspecify.annotations.NullMarked;
