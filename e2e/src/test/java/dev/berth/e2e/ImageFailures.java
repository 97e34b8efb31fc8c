package dev.berth.e2e;

import dev.berth.e2e.Failure.Group;
import dev.berth.e2e.Failure.Look;
import dev.berth.e2e.Failure.Repair;
import java.util.List;

/// Images that do not come, and builds that do not end well.
final class ImageFailures {
  private static final String REGISTRY = "127.0.0.1:" + Catalogue.REGISTRY;
  private static final int DOWN = 5999;

  private ImageFailures() {}

  static List<Failure> images() {
    return List.of(
        Failure.of(
                Group.IMAGES,
                "misnamed-image",
                "The image is not there; another is named nearly so",
                Spec.of("image: digitz-model:1"),
                "ImageNotFound")
            .naming("digits-model:1")
            .repairedBy(Spec.of("image: digits-model:1")),
        Failure.of(
                Group.IMAGES,
                "registry-down",
                "The registry does not answer",
                Spec.of("image: 127.0.0.1:" + DOWN + "/team/digits:1"),
                "RegistryUnreachable")
            .naming("127.0.0.1:" + DOWN)
            .repairedBy(new Repair.StartRegistry(DOWN)),
        Failure.of(
                Group.IMAGES,
                "wrong-tag",
                "The registry has the image, but not this tag of it",
                Spec.of("image: " + REGISTRY + "/team/digits:2"),
                "ImageNotFound")
            .naming(REGISTRY + "/team/digits:1")
            .repairedBy(Spec.of("image: " + REGISTRY + "/team/digits:1")),
        Failure.of(
            Group.IMAGES,
            "login-needed",
            "The registry wants a login",
            Spec.of("image: " + REGISTRY + "/locked/digits:1"),
            "LoginNeeded"),
        Failure.of(
                Group.IMAGES,
                "wrong-platform",
                "The image is for another kind of machine",
                Spec.of("image: " + REGISTRY + "/arm/digits:1"),
                "WrongPlatform")
            .naming("linux/arm64", "linux/amd64"),
        Failure.of(
            Group.IMAGES,
            "forged-layer",
            "A layer is not what its digest says",
            Spec.of("image: " + REGISTRY + "/forged/digits:1"),
            "DigestMismatch"),
        Failure.of(
                Group.IMAGES,
                "registry-broken",
                "The registry answers, but with an error of its own",
                Spec.of("image: " + REGISTRY + "/broken/digits:1"),
                "ImagePullFailed")
            .naming("500", "the database is away"));
  }

  private static Failure build(String name, String title, String script) {
    return Failure.of(
            Group.BUILDS,
            name,
            title,
            Spec.of("build: {context: " + name + "}", "args: [model]"),
            "BuildFailed")
        .file("Dockerfile", script);
  }

  static List<Failure> builds() {
    String well = "FROM scratch\nCOPY box /box\nENTRYPOINT [\"/box\"]\n";
    return List.of(
        build(
                "failing-step",
                "A step of the build fails",
                """
                FROM scratch
                COPY box /box
                RUN ["/box", "fail", "3", "the disk is made of cheese"]
                """)
            .naming("Dockerfile:3", "the disk is made of cheese", "exited with 3")
            .repairedBy(new Repair.Edit("Dockerfile", well)),
        build(
                "unknown-flag",
                "The container script has mistakes",
                "FROM scratch\nCOPY --chwon=1000 box /box\nRNU [\"/box\"]\nENTRYPOINT [\"/box\"]\n")
            .looking(new Look.Apply())
            .naming("Dockerfile:2:6", "--chown", "Dockerfile:3:1", "RUN")
            .repairedBy(new Repair.Edit("Dockerfile", well)),
        build(
                "missing-source",
                "COPY names a file that is not in the context",
                "FROM scratch\nCOPY bx /box\nENTRYPOINT [\"/box\"]\n")
            .looking(new Look.Apply())
            .naming("Dockerfile:2", "nearest: box")
            .repairedBy(new Repair.Edit("Dockerfile", well)),
        build("ignored-source", "COPY names a file that .dockerignore hides", well)
            .file(".dockerignore", "*\n!Dockerfile\n")
            .looking(new Look.Apply())
            .naming(".dockerignore:1", "!box")
            .repairedBy(new Repair.Edit(".dockerignore", "*\n!Dockerfile\n!box\n")),
        build("missing-base", "The base image is not there", "FROM bx:1\nENTRYPOINT [\"/box\"]\n")
            .naming("Dockerfile:1", "bx:1", "box:1")
            .repairedBy(new Repair.Edit("Dockerfile", "FROM box:1\nENTRYPOINT [\"/box\"]\n")),
        Failure.of(
                Group.BUILDS,
                "two-ports",
                "The image exposes two ports, and the manifest names none",
                Spec.of("build: {context: two-ports}", "args: [model]"),
                "AmbiguousPort")
            .file("Dockerfile", "FROM box:1\nEXPOSE 8080 9090\n")
            .naming("8080", "9090", "spec.model.port")
            .repairedBy(Spec.of("build: {context: two-ports}", "args: [model]", "port: 8080")));
  }
}
