package dev.berth.api.schema;

import static dev.berth.api.schema.FieldType.Scalar.BOOLEAN;
import static dev.berth.api.schema.FieldType.Scalar.DURATION;
import static dev.berth.api.schema.FieldType.Scalar.INTEGER;
import static dev.berth.api.schema.FieldType.Scalar.STRING;
import static dev.berth.api.schema.FieldType.Scalar.TIME;
import static dev.berth.api.schema.Shape.listByKey;
import static dev.berth.api.schema.Shape.listOf;
import static dev.berth.api.schema.Shape.mapOf;

import dev.berth.api.schema.FieldType.ObjectType;

/// Our own kinds, written down once: what decoding accepts, what documents show, what
/// `docs/reference/modelapp.md` is made of. A field that is not here does not exist.
final class OwnKinds {
  private static final String V1ALPHA1 = "dev.berth.v1alpha1.";
  private static final String PATH = "^/\\S*$";

  static final ObjectType META =
      BuiltinTable.INSTANCE.type("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");

  static final ObjectType CONDITION =
      Shape.of("io.k8s.apimachinery.pkg.apis.meta.v1.Condition")
          .add("type", STRING, "What it is about.")
          .add("status", STRING, "True, False or Unknown.")
          .add("reason", STRING, "Why, in one word.")
          .add("message", STRING, "Why, for a person.")
          .add("lastTransitionTime", TIME, "When the status last changed.")
          .add("observedGeneration", INTEGER, "Which generation of the spec it speaks of.")
          .done();

  static final ObjectType MODEL_APP = modelApp();
  static final ObjectType IMAGE_BUILD = imageBuild();

  private OwnKinds() {}

  static Shape kind(String name) {
    return Shape.of(V1ALPHA1 + name)
        .add(
            "apiVersion",
            STRING,
            f -> f.required().oneOf("berth.dev/v1alpha1").says("Group and version."))
        .add("kind", STRING, f -> f.required().oneOf(name).says("The kind."))
        .add("metadata", META, f -> f.required().says("Name, namespace, labels, annotations."));
  }

  private static ObjectType modelApp() {
    ObjectType spec =
        Shape.of(V1ALPHA1 + "ModelAppSpec")
            .add(
                "model",
                model(),
                f ->
                    f.required()
                        .says("The container that answers predictions.")
                        .becomes("Deployment `NAME-model-rN`"))
            .add(
                "endpoint",
                endpoint(),
                f ->
                    f.says("The wire between app and model.")
                        .becomes(
                            "Service `NAME-ENDPOINT` on port 80, which the gateway of the caller's own host answers"))
            .add(
                "app",
                app(),
                f ->
                    f.says("The container that people talk to. A ModelApp may be a model only.")
                        .becomes("Deployment `NAME-app`, Service `NAME-app` on port 80"))
            .add(
                "scale",
                scale(),
                f -> f.says("How many replicas.").becomes("`replicas` of the Deployments"))
            .add(
                "ingress",
                ingress(),
                f ->
                    f.says("How people reach the app from outside; needs `spec.app`.")
                        .becomes("a route of the ingress to the app's pods"))
            .done();
    return kind("ModelApp")
        .add("spec", spec, f -> f.required().says("What is wanted."))
        .add("status", modelAppStatus(), "What is there; written by the controller.")
        .done();
  }

  private static Shape component(Shape shape) {
    return shape
        .add(
            "image",
            STRING,
            f ->
                f.like("registry.local/iris-model:1.4")
                    .says("Image to run. Exactly one of `image` and `build`.")
                    .becomes(
                        "the container's image, as it is written: a tag that is pushed again does not roll out by itself, another tag or a digest does"))
        .add(
            "build",
            build(),
            f ->
                f.says(
                        "Container script to build the image from. Exactly one of `image` and `build`.")
                    .becomes("an ImageBuild, whose digest the container is pinned to"))
        .add(
            "port",
            INTEGER,
            f ->
                f.between(1, 65535)
                    .byDefault("8080; with `build`, the only port that the image exposes")
                    .like("8080")
                    .says(
                        "Port that the container listens on. Required where a built image exposes several.")
                    .becomes("the container's port"))
        .add(
            "command",
            listOf(STRING),
            f ->
                f.byDefault("the image's entrypoint")
                    .like("[\"python3\"]")
                    .says("Program, instead of the image's entrypoint.")
                    .becomes("`command` of the container"))
        .add(
            "args",
            listOf(STRING),
            f ->
                f.byDefault("the image's command")
                    .like("[\"-m\", \"server\"]")
                    .says("Arguments, instead of the image's command.")
                    .becomes("`args` of the container"))
        .add(
            "env",
            PodParts.ENV,
            f ->
                f.like("[{name: OMP_NUM_THREADS, value: \"1\"}]")
                    .says("Environment variables, in Kubernetes' form.")
                    .becomes("`env` of the container"))
        .add(
            "resources",
            PodParts.RESOURCES,
            f ->
                f.byDefault("requests of 100m CPU and 128Mi memory, no limits")
                    .like("{requests: {cpu: 500m, memory: 512Mi}, limits: {memory: 1Gi}}")
                    .says(
                        "CPU and memory, and under `limits` also `ephemeral-storage` (what it may write into its root), in Kubernetes' form.")
                    .becomes(
                        "`resources` of the container: what the scheduler counts and the kernel enforces"))
        .add(
            "health",
            health(),
            f -> f.says("How readiness and liveness are asked.").becomes("the container's probes"))
        .add(
            "podTemplate",
            PodParts.POD_TEMPLATE,
            f ->
                f.like("{nodeSelector: {disk: ssd}}")
                    .says(
                        "More fields of the pod, in Kubernetes' form. Its container is named `model` or `app`.")
                    .becomes("a strategic merge patch on the pod's spec"));
  }

  private static ObjectType model() {
    return component(Shape.of(V1ALPHA1 + "ModelSpec"))
        .add(
            "version",
            STRING,
            f ->
                f.matching("^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")
                    .byDefault("the image's tag")
                    .like("\"1.4\"")
                    .says("The model's version, for people and metrics.")
                    .becomes("the header `berth-model-version` on every answer of the endpoint"))
        .add(
            "concurrency",
            INTEGER,
            f ->
                f.between(0, 10_000)
                    .byDefault("0, no limit")
                    .like("8")
                    .says("Requests in flight per replica; more wait in the endpoint's queue.")
                    .becomes("the gateway's limit per replica"))
        .done();
  }

  private static ObjectType app() {
    return component(Shape.of(V1ALPHA1 + "AppSpec"))
        .add(
            "endpointEnv",
            STRING,
            f ->
                f.matching("^[A-Z_][A-Z0-9_]{0,62}$")
                    .byDefault("MODEL")
                    .like("DIGITS")
                    .says("Prefix of the variables that tell the app where the model is.")
                    .becomes(
                        "`PREFIX_URL`, `PREFIX_MODEL`, `PREFIX_PROTOCOL`, `PREFIX_PREDICT_URL`"))
        .done();
  }

  private static ObjectType build() {
    return Shape.of(V1ALPHA1 + "BuildSpec")
        .add(
            "context",
            STRING,
            f ->
                f.required()
                    .matching("^[^/].*$")
                    .like("model")
                    .says(
                        "Folder with the container script, relative to the manifest; `berth apply` packs it.")
                    .becomes("`spec.contextDigest` of the ImageBuild"))
        .add(
            "containerScript",
            STRING,
            f ->
                f.matching("^[^/].*$")
                    .byDefault("Dockerfile")
                    .like("Dockerfile")
                    .says("The container script inside the context.")
                    .becomes("`spec.containerScript` of the ImageBuild"))
        .add(
            "target",
            STRING,
            f ->
                f.byDefault("the last stage")
                    .like("serve")
                    .says("Stage to stop at.")
                    .becomes("`spec.target` of the ImageBuild"))
        .add(
            "args",
            mapOf(STRING),
            f ->
                f.like("{DEBUG: \"0\"}")
                    .says("Values of the script's ARGs.")
                    .becomes("`spec.args` of the ImageBuild"))
        .done();
  }

  private static ObjectType health() {
    ObjectType probe =
        Shape.of(V1ALPHA1 + "HealthProbe")
            .add(
                "path",
                STRING,
                f ->
                    f.required()
                        .matching(PATH)
                        .like("/healthz")
                        .says("Path that answers 200 when all is well.")
                        .becomes("`httpGet.path` of the probe"))
            .done();
    return Shape.of(V1ALPHA1 + "HealthSpec")
        .add(
            "ready",
            probe,
            f ->
                f.byDefault("by `endpoint.protocol` for the model, a TCP connection for the app")
                    .says("Asked before traffic is sent.")
                    .becomes("the readiness probe"))
        .add(
            "live",
            probe,
            f ->
                f.byDefault("not asked")
                    .says("Asked while it runs; a failing container is restarted.")
                    .becomes("the liveness probe"))
        .add(
            "startupTimeout",
            DURATION,
            f ->
                f.byDefault("2m")
                    .like("120s")
                    .says("How long the start may take; at most 1h.")
                    .becomes("the startup probe"))
        .done();
  }

  private static ObjectType endpoint() {
    ObjectType timeouts =
        Shape.of(V1ALPHA1 + "TimeoutsSpec")
            .add(
                "request",
                DURATION,
                f ->
                    f.byDefault("30s")
                        .like("5s")
                        .says("From a request to the first byte of its answer; at most 1h.")
                        .becomes("504 with `berth-reason: timeout`"))
            .done();
    return Shape.of(V1ALPHA1 + "EndpointSpec")
        .add(
            "name",
            STRING,
            f ->
                f.matching("^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$")
                    .byDefault("model")
                    .like("predict")
                    .says("Last part of the Service's name; not `app`.")
                    .becomes("Service `NAME-ENDPOINT`"))
        .add(
            "protocol",
            STRING,
            f ->
                f.oneOf("auto", "open-inference", "openai", "http")
                    .byDefault("auto")
                    .like("open-inference")
                    .says("What the model speaks; `auto` asks it.")
                    .becomes("the readiness probe, `PREFIX_PROTOCOL` and `PREFIX_PREDICT_URL`"))
        .add(
            "modelName",
            STRING,
            f ->
                f.matching("^[A-Za-z0-9][A-Za-z0-9._:/-]{0,252}$")
                    .byDefault("the ModelApp's name")
                    .like("iris")
                    .says(
                        "The model's name in the protocol's paths; no slash with `open-inference`.")
                    .becomes("`PREFIX_MODEL`"))
        .add(
            "basePath",
            STRING,
            f ->
                f.matching("^/[A-Za-z0-9._~/-]*$")
                    .byDefault("/")
                    .like("/openai")
                    .says("Where the server's API begins, if it has a prefix.")
                    .becomes("the start of every path"))
        .add("timeouts", timeouts, f -> f.says("How long the endpoint waits."))
        .done();
  }

  private static ObjectType scale() {
    ObjectType range =
        Shape.of(V1ALPHA1 + "ScaleRange")
            .add(
                "min",
                INTEGER,
                f ->
                    f.between(1, 100)
                        .byDefault("`max`, else 1")
                        .like("2")
                        .says("Fewest replicas.")
                        .becomes("`replicas`"))
            .add(
                "max",
                INTEGER,
                f ->
                    f.between(1, 100)
                        .byDefault("`min`, else 1")
                        .like("2")
                        .says("Most replicas; equal to `min` until scaling by demand exists.")
                        .becomes("`replicas`"))
            .done();
    return Shape.of(V1ALPHA1 + "ScaleSpec")
        .add("model", range, "Replicas of the model.")
        .add("app", range, "Replicas of the app; needs `spec.app`.")
        .done();
  }

  private static ObjectType ingress() {
    return Shape.of(V1ALPHA1 + "IngressSpec")
        .add(
            "host",
            STRING,
            f ->
                f.required()
                    .like("digits.localhost")
                    .says(
                        "Host name in lower case, without a port; one ModelApp per host and path.")
                    .becomes("`status.url`"))
        .add(
            "path",
            STRING,
            f ->
                f.matching(PATH)
                    .byDefault("/")
                    .like("/digits")
                    .says("Start of the paths that go to the app.")
                    .becomes("`status.url`"))
        .done();
  }

  private static ObjectType modelAppStatus() {
    ObjectType endpoint =
        Shape.of(V1ALPHA1 + "EndpointStatus")
            .add("url", STRING, "Where the app calls the model.")
            .add("protocol", STRING, "What the model speaks.")
            .open()
            .done();
    ObjectType revision =
        Shape.of(V1ALPHA1 + "RevisionStatus")
            .add("name", STRING, "r1, r2, ...")
            .add("image", STRING, "Image, pinned.")
            .add("ready", INTEGER, "Ready replicas.")
            .add("desired", INTEGER, "Wanted replicas.")
            .add("weight", INTEGER, "Share of the traffic in percent.")
            .open()
            .done();
    ObjectType app =
        Shape.of(V1ALPHA1 + "AppStatus")
            .add("ready", INTEGER, "Ready replicas.")
            .add("desired", INTEGER, "Wanted replicas.")
            .add("image", STRING, "Image, pinned.")
            .open()
            .done();
    ObjectType contexts =
        Shape.of(V1ALPHA1 + "BuiltContexts")
            .add("model", STRING, "Digest of the model's context.")
            .add("app", STRING, "Digest of the app's context.")
            .open()
            .done();
    ObjectType failure =
        Shape.of(V1ALPHA1 + "LastFailure")
            .add("component", STRING, "model or app.")
            .add("pod", STRING, "The pod that failed.")
            .add("reason", STRING, "Why, in one word.")
            .add("exitCode", INTEGER, "What the container ended with.")
            .add("signal", STRING, "What killed it, such as SIGKILL.")
            .add("time", TIME, "When.")
            .add("message", STRING, "What happened.")
            .add("hint", STRING, "What to do.")
            .add("logTail", listOf(STRING), "The last lines that it wrote.")
            .open()
            .done();
    return Shape.of(V1ALPHA1 + "ModelAppStatus")
        .add("observedGeneration", INTEGER, "Which generation of the spec this speaks of.")
        .add("url", STRING, "Where people reach the app.")
        .add("endpoint", endpoint, "Where the app reaches the model.")
        .add("revisions", listByKey(revision, "name"), "The model's revisions.")
        .add("app", app, "The app.")
        .add("contexts", contexts, "The build contexts that this speaks of, by component.")
        .add(
            "conditions",
            listByKey(CONDITION, "type"),
            "Ready, SpecAccepted, ImagesReady, ModelReady, EndpointReady, AppReady, Progressing.")
        .add("lastFailure", failure, "The last thing that went wrong.")
        .open()
        .done();
  }

  private static ObjectType imageBuild() {
    ObjectType spec =
        Shape.of(V1ALPHA1 + "ImageBuildSpec")
            .add(
                "contextDigest",
                STRING,
                f ->
                    f.required()
                        .matching("^sha256:[0-9a-f]{64}$")
                        .says("Digest of the packed context."))
            .add(
                "containerScript",
                STRING,
                f ->
                    f.matching("^[^/].*$")
                        .byDefault("Dockerfile")
                        .says("The container script inside the context."))
            .add("target", STRING, "Stage to stop at.")
            .add("args", mapOf(STRING), "Values of the script's ARGs.")
            .add(
                "repository",
                STRING,
                f -> f.required().says("Where the image goes: NAMESPACE/NAME-COMPONENT."))
            .add("nodeName", STRING, "Where it is built; set by the build reconciler.")
            .done();
    return kind("ImageBuild")
        .add("spec", spec, f -> f.required().says("What is built."))
        .add("status", imageBuildStatus(), "How far it is; written by the agent that builds.")
        .done();
  }

  private static ObjectType imageBuildStatus() {
    ObjectType step =
        Shape.of(V1ALPHA1 + "BuildStep")
            .add("number", INTEGER, "From 1.")
            .add("total", INTEGER, "How many there are.")
            .add("line", INTEGER, "Line in the script.")
            .add("instruction", STRING, "What it says.")
            .add("cached", BOOLEAN, "Whether its result was there already.")
            .add("reason", STRING, "Why it was or was not.")
            .add("duration", DURATION, "How long it took.")
            .add("state", STRING, "Pending, Running, Done or Failed.")
            .open()
            .done();
    ObjectType failure =
        Shape.of(V1ALPHA1 + "BuildFailure")
            .add("step", INTEGER, "Number of the step.")
            .add("script", STRING, "The container script.")
            .add("line", INTEGER, "Line in the script.")
            .add("column", INTEGER, "Column in that line, where the script itself is wrong.")
            .add("instruction", STRING, "What it says.")
            .add("exitCode", INTEGER, "What its command ended with.")
            .add("message", STRING, "What went wrong.")
            .add("lastOutput", listOf(STRING), "The last lines that it wrote.")
            .open()
            .done();
    return Shape.of(V1ALPHA1 + "ImageBuildStatus")
        .add("observedGeneration", INTEGER, "Which generation of the spec this speaks of.")
        .add("phase", STRING, "Pending, Running, Succeeded or Failed.")
        .add("digest", STRING, "Digest of the image's manifest.")
        .add("image", STRING, "The image, pinned.")
        .add("exposedPorts", listOf(INTEGER), "Ports that the image exposes.")
        .add("startTime", TIME, "When it began.")
        .add("completionTime", TIME, "When it ended.")
        .add("steps", listOf(step), "The script's instructions.")
        .add("failure", failure, "Why it failed.")
        .add("conditions", listByKey(CONDITION, "type"), "Complete, Failed, Ready.")
        .open()
        .done();
  }
}
