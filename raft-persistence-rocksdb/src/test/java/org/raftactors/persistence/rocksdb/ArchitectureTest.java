package org.raftactors.persistence.rocksdb;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.rocksdb.RocksDB;

@AnalyzeClasses(
    packages = "org.raftactors.persistence.rocksdb",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String PLUGIN = "org.raftactors.persistence.rocksdb..";
  private static final String INTERNAL = "org.raftactors.persistence.rocksdb.internal";

  @ArchTest
  static final ArchRule thePluginKnowsNothingOfRaft =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.raftactors..").and(resideOutsideOfPackage(PLUGIN)));

  @ArchTest
  static final ArchRule onlyTheRangeReaderIterates =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName(INTERNAL + ".RangeReader")
          .should()
          .callMethodWhere(
              JavaCall.Predicates.target(HasName.Predicates.nameStartingWith("newIterator")));

  @ArchTest
  static final ArchRule onlyTheInternalPackageTouchesTheDatabase =
      noClasses()
          .that(not(resideInAPackage(INTERNAL)))
          .should()
          .dependOnClassesThat()
          .areAssignableTo(RocksDB.class);
}
