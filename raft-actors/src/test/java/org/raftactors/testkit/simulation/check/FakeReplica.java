package org.raftactors.testkit.simulation.check;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.CoreSettings;
import org.raftactors.core.Effect;
import org.raftactors.core.Proposal;
import org.raftactors.core.RaftCore;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.Payload;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.PendingWrite;

/** A real core whose disk may hold something else than the core was told. */
final class FakeReplica implements ReplicaView {

  private static final long MILLI = 1_000_000;
  static final CoreSettings SETTINGS =
      new CoreSettings(
          100 * MILLI,
          200 * MILLI,
          10 * MILLI,
          1_000 * MILLI,
          1 << 20,
          1 << 20,
          64,
          1 << 20,
          1024,
          1 << 20,
          1 << 20,
          1 << 20,
          1 << 20,
          100,
          1);

  private final ReplicaId id;
  private final Configuration configuration;
  private final DurableImage image = new DurableImage();
  private final List<LogEntry> handed = new ArrayList<>();
  private RaftLog log;
  private RaftCore core;
  private long now = 1;

  /** A replica of a configuration, in a term. */
  FakeReplica(int number, Configuration configuration, long term) {
    this.id = new ReplicaId(number);
    this.configuration = configuration;
    this.log = RaftLog.empty(SnapshotBase.initial(configuration));
    this.core = newCore(term);
  }

  private RaftCore newCore(long term) {
    DurableState none = DurableState.initial(SnapshotBase.initial(configuration));
    DurableState state =
        new DurableState(
            new HardState(term, null), none.base(), none.terms(), none.sequence(), 0, 0, 0);
    return new RaftCore(SETTINGS, id, state, log, 0, new SplittableRandom(1), now);
  }

  /** Everything is forgotten, but nobody is told. */
  void replaceCore(long term) {
    log = RaftLog.empty(SnapshotBase.initial(configuration));
    core = newCore(term);
    handed.clear();
  }

  /** As the only voter it elects itself; its no-op is on its way to the disk. */
  PendingWrite electItself(Safety safety) {
    tickUntilDue();
    PendingWrite vote = write();
    image.append(vote.event());
    safety.durable(this, vote.event());
    written(vote);
    return write();
  }

  void tickUntilDue() {
    now = Math.max(now, core.nextDeadline());
    core.tick(now);
    takeEffects();
  }

  PendingWrite write() {
    core.drained(now, 0);
    PendingWrite write = core.nextWrite(now, 0);
    if (write == null) {
      throw new IllegalStateException("nothing to write");
    }
    return write;
  }

  void written(PendingWrite write) {
    core.written(write.number(), now);
    takeEffects();
  }

  void propose(Payload payload) {
    core.propose(new Proposal(payload, new Object()), now);
    core.drained(now, 0);
    takeEffects();
  }

  private void takeEffects() {
    core.takeEffects(
        effect -> {
          if (effect instanceof Effect.Apply apply) {
            handed.addAll(apply.batch().entries());
          }
        });
  }

  List<LogEntry> handed() {
    return handed;
  }

  long now() {
    return now;
  }

  @Override
  public int index() {
    return (int) id.value() - 1;
  }

  @Override
  public ReplicaId id() {
    return id;
  }

  @Override
  public boolean isRunning() {
    return true;
  }

  @Override
  public RaftCore core() {
    return core;
  }

  @Override
  public RaftLog log() {
    return log;
  }

  @Override
  public DurableImage durable() {
    return image;
  }

  static @Nullable Property violated(Runnable check) {
    try {
      check.run();
      return null;
    } catch (Violation e) {
      return e.property();
    }
  }
}
