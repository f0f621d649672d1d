package org.raftactors.examples.embedding;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.raftactors.ApplyContext;
import org.raftactors.CborCodec;
import org.raftactors.Codecs;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

// #state-machine
/** Hands out numbers at several desks: no number twice, and none left out. */
public final class Tickets implements StateMachine<Tickets.Take, Tickets.Last, Long> {

  /** Takes the next number of a desk. */
  public record Take(String desk) {}

  /** Asks for the number that was taken last. */
  public record Last(String desk) {}

  /** How commands, queries and results become bytes. */
  public static final Codecs<Take, Last, Long> CODECS =
      new Codecs<>(CborCodec.of(Take.class), CborCodec.of(Last.class), CborCodec.of(Long.class));

  private final Map<String, Long> taken = new TreeMap<>();

  @Override
  public Long apply(ApplyContext context, Take take) {
    return taken.merge(take.desk(), 1L, Long::sum);
  }

  @Override
  public Long query(Last last) {
    return taken.getOrDefault(last.desk(), 0L);
  }

  @Override
  public SnapshotView snapshot() {
    Map<String, Long> copy = new TreeMap<>(taken); // there are not that many desks
    return out -> {
      DataOutputStream data = new DataOutputStream(out);
      data.writeInt(copy.size());
      for (Map.Entry<String, Long> desk : copy.entrySet()) {
        data.writeUTF(desk.getKey());
        data.writeLong(desk.getValue());
      }
    };
  }

  @Override
  public void restore(SnapshotReader in) throws IOException {
    DataInputStream data = new DataInputStream(in.state());
    for (int left = data.readInt(); left > 0; left--) {
      taken.put(data.readUTF(), data.readLong());
    }
  }
}
// #state-machine
