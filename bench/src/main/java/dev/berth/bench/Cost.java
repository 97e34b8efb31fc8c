package dev.berth.bench;

/// Something that is paid: less is better.
///
/// @param unit of one figure, e.g. `us/put`
record Cost(String name, String unit) {}
