package dev.berth.controller.resource;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The answer to a write: the object as it now is, and what its author should know.
public record Written(ObjectNode object, List<String> warnings) {}
