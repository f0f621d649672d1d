package org.raftactors;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "org.raftactors", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String CORE = "org.raftactors.core..";

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
          .resideInAnyPackage("org.raftactors", "org.raftactors.actor..", "org.raftactors.codec..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.pekko.cluster..",
              "org.apache.pekko.remote..",
              "org.raftactors.cluster..",
              "org.raftactors.persistence..",
              "org.rocksdb..");

  /** Only the actor drives the core. */
  @ArchTest
  static final ArchRule theCoreIsDrivenByTheActorAlone =
      noClasses()
          .that(not(resideInAPackage("org.raftactors.actor..")).and(not(resideInAPackage(CORE))))
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.raftactors.core.RaftCore");

  /** It judges the rest, here and in other people's tests: it shares nothing with it. */
  @ArchTest
  static final ArchRule theCheckerOfHistoriesStandsAlone =
      classes()
          .that()
          .resideInAPackage("org.raftactors.testkit.linearizability")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "org.raftactors.testkit.linearizability",
                  "java.lang..",
                  "java.util..",
                  "org.jspecify.annotations"));
}
