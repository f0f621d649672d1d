package org.raftactors.actor;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.raftactors.ApplyContext;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

/**
 * A state machine that remembers every command with its index. Its answer to a command is how many
 * it has by then; its answer to any query is all of them.
 */
class Ledger implements StateMachine<String, String, String> {

  private final List<String> applied = new ArrayList<>();
  private long lastIndex;

  @Override
  public synchronized String apply(ApplyContext context, String command) {
    if (context.index() <= lastIndex) {
      throw new IllegalStateException("index " + context.index() + " behind " + lastIndex);
    }
    lastIndex = context.index();
    applied.add(command);
    return String.valueOf(applied.size());
  }

  @Override
  public synchronized String query(String query) {
    return String.join(",", applied);
  }

  synchronized List<String> applied() {
    return List.copyOf(applied);
  }

  @Override
  public synchronized SnapshotView snapshot() {
    List<String> copy = List.copyOf(applied);
    return out -> {
      DataOutputStream data = new DataOutputStream(out);
      data.writeInt(copy.size());
      for (String command : copy) {
        data.writeUTF(command);
      }
    };
  }

  @Override
  public synchronized void restore(SnapshotReader in) throws IOException {
    DataInputStream data = new DataInputStream(in.state());
    applied.clear();
    for (int left = data.readInt(); left > 0; left--) {
      applied.add(data.readUTF());
    }
    lastIndex = in.index();
  }
}
