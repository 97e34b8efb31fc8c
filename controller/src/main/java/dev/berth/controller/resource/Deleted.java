package dev.berth.controller.resource;

import tools.jackson.databind.node.ObjectNode;

/// The answer to a delete. `gone` is false while finalizers or a grace period hold the object.
public record Deleted(ObjectNode object, boolean gone) {}
