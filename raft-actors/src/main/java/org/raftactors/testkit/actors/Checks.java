package org.raftactors.testkit.actors;

/** How failures call the checks. The first ones are always on: they are the library's promises. */
final class Checks {

  static final String SAME_LOG = "sameLog";
  static final String APPLIED_ONCE_IN_ORDER = "appliedOnceInOrder";
  static final String ONE_ANSWER = "oneAnswer";
  static final String TRUE_ANSWERS = "trueAnswers";
  static final String LINEARIZABLE = "linearizable";
  static final String STALE_READS = "staleReads";
  static final String NO_REPLICA_FAILS = "noReplicaFails";
  static final String LIVENESS = "liveness";
  static final String REPEATABLE = "repeatable";
  static final String REPLICAS_AGREE = "replicasAgree";
  static final String DETERMINISTIC_APPLY = "deterministicApply";
  static final String SNAPSHOT_ROUND_TRIP = "snapshotRoundTrip";

  private Checks() {}
}
