package org.raftactors.cluster;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.raftactors.ApplyContext;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

/**
 * A register that also knows how it came about: any two of them that have applied the same commands
 * have the same summary, and no two others.
 */
class Chronicle implements StateMachine<String, String, String> {

  /** The query that is answered with the summary. */
  static final String SUMMARY = "*";

  private final Register register = new Register();
  private final Map<Long, String> past;
  private long index;
  private long commands;
  private long hash;

  /** Remembers its summary at each index in a map, which others may fill as well. */
  Chronicle(Map<Long, String> past) {
    this.past = past;
  }

  static RaftApplication<String, String, String> application(Map<Long, String> past) {
    return RaftApplication.of(Register.APPLICATION.codecs(), partition -> new Chronicle(past));
  }

  Chronicle() {
    this(new ConcurrentHashMap<>());
  }

  @Override
  public synchronized String apply(ApplyContext context, String command) {
    index = context.index();
    commands++;
    hash = (hash * 31 + command.hashCode()) * 31 + index;
    String other = past.putIfAbsent(index, summary());
    if (other != null && !other.equals(summary())) {
      throw new AssertionError("replicas differ: " + other + " and " + summary());
    }
    return register.apply(context, command);
  }

  /** What it has applied, in short. */
  synchronized String summary() {
    return index + ":" + commands + ":" + hash;
  }

  /** The index in a summary. */
  static long indexIn(String summary) {
    return Long.parseLong(summary.substring(0, summary.indexOf(':')));
  }

  @Override
  public synchronized String query(String query) {
    return query.equals(SUMMARY) ? summary() : register.query(query);
  }

  @Override
  public synchronized SnapshotView snapshot() {
    SnapshotView texts = register.snapshot();
    long[] own = {index, commands, hash};
    return out -> {
      DataOutputStream data = new DataOutputStream(out);
      for (long value : own) {
        data.writeLong(value);
      }
      texts.writeTo(out);
    };
  }

  @Override
  public synchronized void restore(SnapshotReader in) throws IOException {
    DataInputStream data = new DataInputStream(in.state());
    index = data.readLong();
    commands = data.readLong();
    hash = data.readLong();
    register.restore(in);
  }
}
