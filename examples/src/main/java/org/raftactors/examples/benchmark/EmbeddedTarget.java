package org.raftactors.examples.benchmark;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.Propose;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadLevel;

/** The partitions' actors, in turn. */
final class EmbeddedTarget implements Target {

  private final List<ActorRef<RaftPartition.Command>> partitions;
  private final ReadLevel level;
  private final ActorRef<Object> generator;
  private int next;

  EmbeddedTarget(
      List<ActorRef<RaftPartition.Command>> partitions,
      ReadLevel level,
      ActorRef<Object> generator) {
    this.partitions = List.copyOf(partitions);
    this.level = level;
    this.generator = generator;
  }

  @Override
  public void write(Sample sample) {
    partition().tell(Propose.<Sample, Long>of(Sample.CODEC, sample, generator));
  }

  @Override
  public void read(long number) {
    partition().tell(Read.<Long, Long>of(Tally.NUMBER, number, level, generator));
  }

  private ActorRef<RaftPartition.Command> partition() {
    ActorRef<RaftPartition.Command> partition = partitions.get(next);
    next = next + 1 == partitions.size() ? 0 : next + 1;
    return partition;
  }
}
