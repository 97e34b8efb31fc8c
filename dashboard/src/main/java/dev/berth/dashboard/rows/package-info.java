/// Objects as rows: what a list shows of each, with its health and the reason. Pure functions from
/// a scene to JSON. Causes and fixes are `api.why`'s; no row has reasons of its own.
@NullMarked
package dev.berth.dashboard.rows;

import org.jspecify.annotations.NullMarked;
