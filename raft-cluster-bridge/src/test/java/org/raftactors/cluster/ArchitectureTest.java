package org.raftactors.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "org.raftactors.cluster",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String PURE =
      ".*\\.(BootstrapProtocol|FormationPolicy|ProposalPipeline|ReadPlan|BackOff|KeyHash|Roster)";

  @ArchTest
  static final ArchRule onlyPublicPartsOfTheOtherModulesAreUsed =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.raftactors.actor..",
              "org.raftactors.codec..",
              "org.raftactors.link..",
              "org.raftactors.persistence.rocksdb.internal..",
              "org.rocksdb..");

  @ArchTest
  static final ArchRule ofTheCoreOnlyIdsAndOutcomesAreUsed =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.raftactors.core.message..",
              "org.raftactors.core.write..",
              "org.raftactors.core.replication..",
              "org.raftactors.core.election..");

  @ArchTest
  static final ArchRule decisionsArePure =
      noClasses()
          .that()
          .haveNameMatching(PURE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.pekko..", "org.slf4j..", "java.util.concurrent..")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  @ArchTest
  static final ArchRule onlyTheRouterFormationAndTheNodeKnowThePekkoCluster =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.raftactors.cluster.bootstrap..",
              "org.raftactors.cluster.client..",
              "org.raftactors.cluster.internal..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.pekko.cluster..");

  @ArchTest
  static final ArchRule thePackagesHaveNoCycles =
      slices().matching("org.raftactors.cluster.(*)..").should().beFreeOfCycles();
}
