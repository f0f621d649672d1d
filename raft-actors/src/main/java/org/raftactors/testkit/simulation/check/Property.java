package org.raftactors.testkit.simulation.check;

/** What must hold. Each violation names the one that did not. */
public enum Property {
  /** At most one leader in a term (Raft figure 3). */
  ELECTION_SAFETY,
  /** Who leads has the durable votes of a majority of its term. */
  ELECTED_BY_QUORUM,
  /** Nobody helps a candidate whose log ends before its own (Raft 5.4.1). */
  ELECTION_RESTRICTION,
  /** Only voters campaign, with the pre-votes of a majority, or because their leader says so. */
  MANDATE_TO_CAMPAIGN,
  /** Who hears its leader, or whose disk hangs, helps nobody to another one. */
  STICKINESS,
  /** A leader that no majority answers for an election time-out leads no longer. */
  CHECK_QUORUM,
  /** Newer terms are adopted, older ones told so; what belongs to an older one counts nothing. */
  TERMS_RESPECTED,
  /** A replica votes for one candidate in a term, also across its crashes. */
  ONE_VOTE_PER_TERM,
  /** A leader only appends to its log (Raft figure 3). */
  LEADER_APPEND_ONLY,
  /** Entries with the same index and term are equal, and so is all before them (Raft figure 3). */
  LOG_MATCHING,
  /** A leader has everything that leaders of earlier terms have committed (Raft figure 3). */
  LEADER_COMPLETENESS,
  /** All replicas apply the same entries in the same order (Raft figure 3). */
  STATE_MACHINE_SAFETY,
  /** What is committed first is on the disks of a majority, and of its leader's own term. */
  COMMITTED_ON_DURABLE_QUORUM,
  /** What is committed at an index stays. */
  COMMITTED_IMMUTABLE,
  /** Term, commit index and applied index of a replica never go back while it runs. */
  MONOTONIC,
  /** What is applied is committed and durable here; what is committed is in the log. */
  STATE_ORDER,
  /** What a leader believes that a follower has, it has on its disk. */
  MATCH_INDEX_TRUTH,
  /** A linearizable read sees all that was committed anywhere when it was asked. */
  READ_FLOOR,
  /** A majority takes a heartbeat after a linearizable read was asked, and before it is served. */
  READ_CONFIRMED,
  /** A stale read is not older than its bound, as far as the replica's own clock can tell. */
  STALENESS,
  /** Leadership is handed over to a voter that has everything, within a time, or stays. */
  TRANSFER,
  /** What was rejected never happens; what was committed is what was asked for. */
  PROPOSAL_OUTCOME,
  /** Who asks gets one answer. */
  ONE_ANSWER,
  /** Nothing leaves a replica that promises what is not on its disk. */
  DURABLE_BEFORE_PROMISED,
  /** What a replica holds for others stays within its settings. */
  BOUNDED_MEMORY,
  /** Replaying the journal gives what is in memory. */
  REPLAY,
  /** A snapshot holds what is committed up to its label, all of it and nothing else. */
  SNAPSHOT_TRUTH,
  /** What a log stands on is committed, and in a snapshot that is kept; no more of it is kept. */
  LOG_BASE,
  /** The core's own assertions. */
  CORE_INVARIANT,
  /** The core fails in another way. */
  CORE_FAILURE,
  /** Without faults everything comes to rest, and a majority without faults goes on. */
  LIVENESS,
  /** The clients' history could have happened one operation at a time. */
  LINEARIZABILITY
}
