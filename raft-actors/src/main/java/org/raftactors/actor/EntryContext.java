package org.raftactors.actor;

import java.time.Instant;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.raftactors.ApplyContext;
import org.raftactors.PartitionId;
import org.raftactors.core.log.LogEntry;

/** The {@link ApplyContext} of one entry after the other. */
public final class EntryContext implements ApplyContext {

  private final long partition;
  private LogEntry entry;

  /**
   * The context of a first entry.
   *
   * @param partition the partition
   * @param first the entry
   */
  public EntryContext(PartitionId partition, LogEntry first) {
    this.partition = partition.value();
    this.entry = first;
  }

  EntryContext at(LogEntry next) {
    entry = next;
    return this;
  }

  @Override
  public long index() {
    return entry.index();
  }

  @Override
  public long term() {
    return entry.term();
  }

  @Override
  public Instant timestamp() {
    return Instant.ofEpochMilli(entry.timestampMillis());
  }

  /**
   * Java fixes the algorithm of {@link Random} for all releases, which it does not for the newer
   * generators; and the replicas of a partition need not run the same release.
   */
  @Override
  public RandomGenerator random() {
    long seed = mix(mix(mix(partition) ^ entry.term()) ^ entry.index());
    return new Random(seed);
  }

  private static long mix(long value) {
    long h = value + 0x9e3779b97f4a7c15L;
    h = (h ^ (h >>> 30)) * 0xbf58476d1ce4e5b9L;
    h = (h ^ (h >>> 27)) * 0x94d049bb133111ebL;
    return h ^ (h >>> 31);
  }
}
