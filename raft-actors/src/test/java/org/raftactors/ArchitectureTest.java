package org.raftactors;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.UUID;

@AnalyzeClasses(packages = "org.raftactors", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String CORE = "org.raftactors.core..";
  private static final String TESTKIT = "org.raftactors.testkit..";
  private static final String SIMULATION = "org.raftactors.testkit.simulation..";

  /** No Pekko, no logger, no thread, no file: what is not listed here is not pure. */
  @ArchTest
  static final ArchRule theCoreUsesCollectionsAndFunctionsOnly =
      classes()
          .that()
          .resideInAPackage(CORE)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  CORE,
                  "java.lang",
                  "java.lang.annotation",
                  "java.lang.invoke", // what lambdas and records are compiled to
                  "java.lang.runtime",
                  "java.util",
                  "java.util.function",
                  "java.util.random",
                  "java.util.stream",
                  "java.util.zip",
                  "org.jspecify.annotations"));

  @ArchTest
  static final ArchRule theCoreHasNoClockAndNoThreadAndNoChance =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(java.util.Random.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(java.util.Timer.class);

  @ArchTest
  static final ArchRule aPartitionNeedsNoClusterAndNoStore =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.raftactors",
              "org.raftactors.actor..",
              "org.raftactors.codec..",
              "org.raftactors.link..",
              "org.raftactors.snapshot..",
              "org.raftactors.backup..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.pekko.cluster..",
              "org.apache.pekko.remote..",
              "org.raftactors.cluster..",
              "org.raftactors.persistence..",
              "org.rocksdb..");

  /** What snapshots are is no matter of the actors that use them. */
  @ArchTest
  static final ArchRule snapshotsDoNotKnowTheReplica =
      noClasses()
          .that()
          .resideInAPackage("org.raftactors.snapshot..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.raftactors.actor..");

  /** Only the actor and the simulator drive the core. */
  @ArchTest
  static final ArchRule theCoreIsDrivenByTheActorAndItsSimulatorAlone =
      noClasses()
          .that(
              not(resideInAPackage("org.raftactors.actor.."))
                  .and(not(resideInAPackage(CORE)))
                  .and(not(resideInAPackage(SIMULATION))))
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.raftactors.core.RaftCore");

  /** What runs in production does not know that it is tested. */
  @ArchTest
  static final ArchRule nothingDependsOnTheTestkit =
      noClasses()
          .that()
          .resideOutsideOfPackage(TESTKIT)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(TESTKIT);

  /** No clock, no thread, no file, no hash order: the same seed plays the same schedule. */
  @ArchTest
  static final ArchRule aSimulationUsesTheCoreAndTheCheckerOnly =
      classes()
          .that()
          .resideInAPackage(SIMULATION)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      SIMULATION,
                      CORE,
                      "org.raftactors.testkit.linearizability",
                      "java.lang",
                      "java.lang.invoke", // what lambdas and records are compiled to
                      "java.lang.runtime",
                      "java.util",
                      "java.util.function",
                      "java.util.random",
                      "java.util.stream",
                      "org.jspecify.annotations")
                  .and(not(assignableTo(HashMap.class)))
                  .and(not(assignableTo(HashSet.class)))
                  .and(not(assignableTo(IdentityHashMap.class)))
                  .and(not(assignableTo(Random.class)))
                  .and(not(assignableTo(UUID.class)))
                  .and(not(assignableTo(Timer.class)))
                  .and(not(assignableTo(Thread.class))));

  @ArchTest
  static final ArchRule aSimulationHasNoOtherClockThanItsOwn =
      noClasses()
          .that()
          .resideInAPackage(SIMULATION)
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "identityHashCode", Object.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .callConstructor(SplittableRandom.class);
}
