package org.raftactors.codec;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.HardState;

/** Values that several formats contain. */
final class Fields {

  private Fields() {}

  static void putPosition(Output out, LogPosition position) {
    out.putLong(position.index());
    out.putLong(position.term());
  }

  static LogPosition getPosition(Input in) {
    return new LogPosition(in.getLongAtLeast(0, "index"), in.getLongAtLeast(0, "term"));
  }

  static ReplicaId getReplica(Input in) {
    return new ReplicaId(in.getLongAtLeast(1, "replica id"));
  }

  /** Nobody is 0, which no replica is called. */
  static void putOptionalReplica(Output out, @Nullable ReplicaId replica) {
    out.putLong(replica == null ? 0 : replica.value());
  }

  static @Nullable ReplicaId getOptionalReplica(Input in) {
    long value = in.getLongAtLeast(0, "replica id");
    return value == 0 ? null : new ReplicaId(value);
  }

  static void putHardState(Output out, HardState hardState) {
    out.putLong(hardState.term());
    putOptionalReplica(out, hardState.votedFor());
  }

  static HardState getHardState(Input in) {
    return new HardState(in.getLongAtLeast(0, "term"), getOptionalReplica(in));
  }

  static int sizeOfBase(SnapshotBase base) {
    Configuration configuration = base.configuration();
    return 8 + 8 + 4 + 4 + 8 * (configuration.voters().size() + configuration.learners().size());
  }

  static void putBase(Output out, SnapshotBase base) {
    putPosition(out, base.position());
    putReplicas(out, base.configuration().voters());
    putReplicas(out, base.configuration().learners());
  }

  static SnapshotBase getBase(Input in) {
    LogPosition position = getPosition(in);
    List<ReplicaId> voters = getReplicas(in);
    List<ReplicaId> learners = getReplicas(in);
    return new SnapshotBase(position, new Configuration(voters, learners));
  }

  /** For a count that was covered by the header's checksum and stands before that checksum. */
  static void checkEntryCount(Input in, int count) {
    if (count < 0 || (long) count * EntryFrames.HEADER_BYTES > in.remaining()) {
      throw in.malformed(count + " entries do not fit into what is left");
    }
  }

  private static void putReplicas(Output out, List<ReplicaId> replicas) {
    out.putInt(replicas.size());
    for (ReplicaId replica : replicas) {
      out.putLong(replica.value());
    }
  }

  private static List<ReplicaId> getReplicas(Input in) {
    int count = in.getCount("replicas", 8);
    List<ReplicaId> replicas = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      replicas.add(getReplica(in));
    }
    return replicas;
  }
}
