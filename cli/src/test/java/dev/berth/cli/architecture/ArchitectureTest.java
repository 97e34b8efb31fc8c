package dev.berth.cli.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.conditions.ArchConditions.never;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.Configuration.consideringOnlyDependenciesInDiagram;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.adhereToPlantUmlDiagram;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses BERTH =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.berth");

  @Test
  void thePictureIsTheCode() {
    classes()
        .should(adhereToPlantUmlDiagram(picture(), consideringOnlyDependenciesInDiagram()))
        .because("docs/architecture.puml is the first thing a newcomer sees: it must be true")
        .check(BERTH);
  }

  @Test
  void noRoomNeedsItself() {
    slices().matching("dev.berth.(**)").should().beFreeOfCycles().check(BERTH);
  }

  @Test
  void onlyLinuxSpeaksJna() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.berth.agent.linux..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.sun.jna..")
        .because("system calls have one port that a recording double can stand in for")
        .allowEmptyShould(true)
        .check(BERTH);
  }

  @Test
  void onlyTheApiServerSpeaksVertxWeb() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.berth.controller.apiserver..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.ext.web..")
        .because("others offer an HttpSurface that wiring mounts")
        .allowEmptyShould(true)
        .check(BERTH);
  }

  @Test
  void oneJackson() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.fasterxml.jackson.core..", "com.fasterxml.jackson.databind..")
        .because("our code speaks Jackson 3")
        .check(BERTH);
  }

  @Test
  void reconcilersNeverTouchStorage() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.berth.controller.reconcile..",
            "dev.berth.controller.modelapp..",
            "dev.berth.controller.build..",
            "dev.berth.controller.deployment..",
            "dev.berth.controller.replicaset..",
            "dev.berth.controller.endpointslice..",
            "dev.berth.controller.garbage..",
            "dev.berth.controller.namespace..",
            "dev.berth.controller.nodelease..",
            "dev.berth.controller.scheduler..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.berth.controller.storage..")
        .allowEmptyShould(true)
        .check(BERTH);
  }

  @Test
  void timeAndChanceAreGiven() {
    classes()
        .that()
        .resideInAnyPackage("dev.berth.controller..", "dev.berth.api..")
        .and()
        .resideOutsideOfPackage("dev.berth.controller")
        .should(
            never(
                callMethodWhere(
                    target(
                            owner(
                                resideInAPackage("java..")
                                    .and(
                                        nameMatching(
                                            "java\\.time\\.Instant|java\\.lang\\.System|java\\.util\\.UUID|java\\.lang\\.Math"))))
                        .and(
                            target(
                                nameMatching(
                                    "now|currentTimeMillis|nanoTime|randomUUID|random"))))))
        .because("the simulation replays a run from its seed: only wiring reads the wall clock")
        .allowEmptyShould(true)
        .check(BERTH);
  }

  private static java.net.URL picture() {
    Path picture = Path.of("..", "docs", "architecture.puml");
    if (!Files.exists(picture)) {
      throw new AssertionError("the picture is missing: " + picture.toAbsolutePath());
    }
    try {
      return picture.toUri().toURL();
    } catch (java.net.MalformedURLException e) {
      throw new AssertionError(e);
    }
  }
}
