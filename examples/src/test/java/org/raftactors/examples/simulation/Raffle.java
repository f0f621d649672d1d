package org.raftactors.examples.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.raftactors.ApplyContext;
import org.raftactors.Codecs;
import org.raftactors.PlainCodecs;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

// #raffle
/** Each command buys a lot, and the result is who would win now. It has a bug. */
final class Raffle implements StateMachine<String, String, String> {

  static final Codecs<String, String, String> CODECS =
      new Codecs<>(PlainCodecs.TEXT, PlainCodecs.TEXT, PlainCodecs.TEXT);

  private static final class Lot {
    private final String owner;

    private Lot(String owner) {
      this.owner = owner;
    }
  }

  private final Set<Lot> lots = new HashSet<>();

  @Override
  public String apply(ApplyContext context, String owner) {
    lots.add(new Lot(owner));
    return lots.iterator().next().owner; // the first one: of what order?
  }

  @Override
  public String query(String query) {
    return Integer.toString(lots.size());
  }

  @Override
  public SnapshotView snapshot() {
    String owners = lots.stream().map(lot -> lot.owner).collect(Collectors.joining("\n"));
    return SnapshotView.of(owners.getBytes(UTF_8));
  }

  @Override
  public void restore(SnapshotReader in) throws IOException {
    new String(in.state().readAllBytes(), UTF_8).lines().map(Lot::new).forEach(lots::add);
  }
}
// #raffle
