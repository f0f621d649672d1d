package org.raftactors.examples.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import org.raftactors.ApplyContext;
import org.raftactors.Codecs;
import org.raftactors.PlainCodecs;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

// #auction
/** Each command is a bid, and the result is its number. It has a bug. */
final class Auction implements StateMachine<String, String, String> {

  static final Codecs<String, String, String> CODECS =
      new Codecs<>(PlainCodecs.TEXT, PlainCodecs.TEXT, PlainCodecs.TEXT);

  private long highest;
  private long bids;

  @Override
  public String apply(ApplyContext context, String amount) {
    highest = Math.max(highest, Long.parseLong(amount));
    bids++;
    return "bid " + bids;
  }

  @Override
  public String query(String query) {
    return Long.toString(highest);
  }

  @Override
  public SnapshotView snapshot() {
    return SnapshotView.of(Long.toString(highest).getBytes(UTF_8)); // and the number of bids?
  }

  @Override
  public void restore(SnapshotReader in) throws IOException {
    highest = Long.parseLong(new String(in.state().readAllBytes(), UTF_8));
  }

  long bids() {
    return bids;
  }
}
// #auction
