package dev.berth.api.codec;

import tools.jackson.databind.node.ObjectNode;

/// One document: the tree and where everything in it was written.
public record Manifest(ObjectNode tree, Positions positions) {}
