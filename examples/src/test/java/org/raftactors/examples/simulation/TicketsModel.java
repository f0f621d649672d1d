package org.raftactors.examples.simulation;

import org.jspecify.annotations.Nullable;
import org.raftactors.examples.embedding.Tickets;
import org.raftactors.testkit.Operation;
import org.raftactors.testkit.linearizability.SequentialModel;

// #model
/** What one desk should do, written independently of the state machine: it counts. */
final class TicketsModel
    implements SequentialModel<Long, Operation<Tickets.Take, Tickets.Last>, Long> {

  @Override
  public Object partition(Operation<Tickets.Take, Tickets.Last> input) {
    return input instanceof Operation.Command<Tickets.Take, Tickets.Last> take
        ? take.command().desk()
        : ((Operation.Query<Tickets.Take, Tickets.Last>) input).query().desk();
  }

  @Override
  public Long initial() {
    return 0L;
  }

  @Override
  public @Nullable Long step(
      Long taken, Operation<Tickets.Take, Tickets.Last> input, @Nullable Long output) {
    long after = input instanceof Operation.Command ? taken + 1 : taken;
    return output == null || output == after ? after : null; // null: this cannot be the answer
  }
}
// #model
