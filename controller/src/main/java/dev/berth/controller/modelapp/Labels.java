package dev.berth.controller.modelapp;

/// The labels and annotations that tie an expansion together; the agent reads them too.
final class Labels {
  static final String MODEL_APP = "berth.dev/modelapp";
  static final String COMPONENT = "berth.dev/component";
  static final String REVISION = "berth.dev/revision";
  static final String MODEL = "model";
  static final String APP = "app";
  static final String ENDPOINT = "endpoint";
  static final String SERVICE_NAME = "kubernetes.io/service-name";
  static final String WEIGHT = "berth.dev/weight";

  /// On a slice, once a replica of its revision was ready: it stays when that is over.
  static final String HAS_SERVED = "berth.dev/has-served";

  static final String PROTOCOL = "berth.dev/protocol";
  static final String MODEL_NAME = "berth.dev/model-name";
  static final String BASE_PATH = "berth.dev/base-path";
  static final String PORT = "berth.dev/port";
  static final String CONCURRENCY = "berth.dev/concurrency";
  static final String STARTUP_TIMEOUT = "berth.dev/startup-timeout";
  static final String TEMPLATE_HASH = "berth.dev/template-hash";
  static final String EXPANSION_HASH = "berth.dev/expansion-hash";
  static final String CONTEXT_DIGEST = "berth.dev/context-digest.";

  private Labels() {}
}
