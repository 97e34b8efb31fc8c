package dev.berth.api;

/// What needs what: trouble in an earlier layer explains trouble in a later one. The order of the
/// constants is that order.
public enum Layer {
  SPEC,
  IMAGE,
  BUILD,
  REFERENCE,
  PLACEMENT,
  HOST,
  START,
  LISTEN,
  PROTOCOL,
  ENDPOINT,
  APP
}
