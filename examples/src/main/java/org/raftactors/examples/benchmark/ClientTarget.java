package org.raftactors.examples.benchmark;

import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.ReadLevel;
import org.raftactors.cluster.RaftClient;

/** A client, with keys in turn, so that all partitions get their share. */
final class ClientTarget implements Target {

  /** Many enough for any number of partitions. */
  private static final String[] KEYS =
      IntStream.range(0, 1 << 14).mapToObj(i -> "key" + i).toArray(String[]::new);

  private final RaftClient<Sample, Long, Long> client;
  private final ReadLevel level;
  private final ActorRef<Object> generator;

  ClientTarget(RaftClient<Sample, Long, Long> client, ReadLevel level, ActorRef<Object> generator) {
    this.client = client;
    this.level = level;
    this.generator = generator;
  }

  static String key(long number) {
    return KEYS[(int) (number & (KEYS.length - 1))];
  }

  @Override
  public void write(Sample sample) {
    var unused =
        client
            .propose(key(sample.number()), sample)
            .whenComplete((outcome, failure) -> tell(outcome));
  }

  @Override
  public void read(long number) {
    var unused =
        client.read(key(number), number, level).whenComplete((outcome, failure) -> tell(outcome));
  }

  private void tell(Object outcome) {
    generator.tell(outcome == null ? Failed.INSTANCE : outcome);
  }
}
