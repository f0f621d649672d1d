package org.raftactors.core;

/**
 * The numbers that the protocol needs. Durations are in nanoseconds of the monotonic clock that
 * also gives the core its time.
 *
 * @param electionTimeoutMin a follower that hears no leader for this long may ask for an election;
 *     also the window of leader stickiness, check-quorum and leadership transfer
 * @param electionTimeoutMax the end (exclusive) of the range that each time-out is drawn from
 * @param heartbeatInterval between two heartbeats of a leader, well below electionTimeoutMin
 * @param writeStallTimeout a write that takes longer stops the replica, at least electionTimeoutMin
 * @param maxAppendBytes the most that one append carries, unless a single entry is larger
 * @param maxInflightBytes unacknowledged bytes on their way to one follower
 * @param maxInflightAppends unacknowledged appends on their way to one follower
 * @param maxWriteBytes the most that one journal event holds, unless a single entry is larger
 * @param maxEntryBytes the largest payload that is accepted
 * @param maxUncommittedBytes what a leader accepts before a quorum has it
 * @param maxApplyBatchBytes the most that the state machine is given at once
 * @param maxApplyBacklogBytes committed but not applied bytes at which a leader accepts no more
 * @param tailBytes entries kept in memory for followers that lack them, once they are applied; of
 *     what all have, maxAppendBytes
 * @param maxPendingReads reads that wait for confirmation
 * @param maxUncommittedBatches batches of a leader that may be uncommitted at once, unless they are
 *     large
 */
public record CoreSettings(
    long electionTimeoutMin,
    long electionTimeoutMax,
    long heartbeatInterval,
    long writeStallTimeout,
    int maxAppendBytes,
    int maxInflightBytes,
    int maxInflightAppends,
    int maxWriteBytes,
    int maxEntryBytes,
    long maxUncommittedBytes,
    int maxApplyBatchBytes,
    long maxApplyBacklogBytes,
    long tailBytes,
    int maxPendingReads,
    int maxUncommittedBatches) {}
