package dev.berth.controller.resource;

import java.util.List;
import java.util.OptionalLong;

/// One page of a list. An empty `continueToken` says that it is the last.
public record Listing(
    List<Item> items, long revision, String continueToken, OptionalLong remaining) {}
