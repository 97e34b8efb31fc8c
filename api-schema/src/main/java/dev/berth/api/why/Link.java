package dev.berth.api.why;

/// One thing that follows from the one before it.
public record Link(String subject, String statement) {}
