package dev.berth.e2e;

import dev.berth.e2e.Failure.Group;
import java.time.Duration;
import java.util.List;

/// Servers that listen, but do not say what their endpoint needs to hear.
final class ProtocolFailures {
  private static final Duration SLOW = Duration.ofMinutes(4);

  private ProtocolFailures() {}

  private static Failure protocol(String name, String title, Spec spec, String reason) {
    return Failure.of(Group.PROTOCOL, name, title, spec, reason);
  }

  static List<Failure> protocol() {
    return List.of(
        protocol(
                "other-protocol",
                "The server speaks OpenAI's protocol, declared is another",
                Spec.of("args: [openai]"),
                "ProtocolMismatch")
            .naming("spec.endpoint.protocol: openai")
            .repairedBy(Spec.of("args: [openai]").endpoint("protocol: openai", "modelName: chat")),
        protocol(
                "no-protocol",
                "The server does not speak the protocol that is declared, nor another",
                Spec.of(
                    "args: [app]",
                    "env: [{name: PORT, value: '8080'}]",
                    "health: {startupTimeout: 30s}"),
                "ProtocolMismatch")
            .naming("spec.endpoint.protocol")
            .repairedBy(
                Spec.of("args: [app]", "env: [{name: PORT, value: '8080'}]")
                    .endpoint("protocol: http")),
        protocol(
                "other-model",
                "The server has another model",
                Spec.of("env: [{name: SERVES, value: iris}]"),
                "ModelNameMismatch")
            .naming("iris", "spec.endpoint.modelName")
            .repairedBy(Spec.of("env: [{name: SERVES, value: iris}]").endpoint("modelName: iris")),
        protocol(
                "other-chat-model",
                "The server has another model, by OpenAI's protocol",
                Spec.of("args: [openai]", "env: [{name: SERVES, value: llama}]")
                    .endpoint("protocol: openai"),
                "ModelNameMismatch")
            .naming("llama", "spec.endpoint.modelName")
            .repairedBy(
                Spec.of("args: [openai]", "env: [{name: SERVES, value: llama}]")
                    .endpoint("protocol: openai", "modelName: llama")),
        protocol(
                "never-ready",
                "The server answers, but its model does not become ready",
                Spec.of("env: [{name: READY, value: never}]"),
                "NeverReady")
            .within(SLOW),
        protocol(
            "invalid-answer",
            "The server answers what is not the protocol's",
            Spec.of("args: [openai]", "env: [{name: ANSWER, value: garbage}]")
                .endpoint("protocol: openai"),
            "InvalidAnswer"),
        protocol(
                "silent",
                "The server takes questions and does not answer",
                Spec.of("env: [{name: ANSWER, value: none}]"),
                "ProbeTimeout")
            .within(SLOW));
  }
}
