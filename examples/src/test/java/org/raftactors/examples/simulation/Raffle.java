package org.raftactors.examples.simulation;

import java.util.HashSet;
import java.util.Set;
import org.raftactors.ApplyContext;
import org.raftactors.Codecs;
import org.raftactors.PlainCodecs;
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
}
// #raffle
