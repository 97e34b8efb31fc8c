package dev.berth.cli.complete;

import java.util.List;
import java.util.Map;

/// What can be completed: the verbs with their options, and the types.
public record Words(Map<String, List<String>> options, List<String> types) {}
