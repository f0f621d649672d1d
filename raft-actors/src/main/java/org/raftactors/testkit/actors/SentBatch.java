package org.raftactors.testkit.actors;

import java.util.Arrays;
import java.util.List;
import org.raftactors.BatchResults;
import org.raftactors.ProposalResult;
import org.raftactors.ProposalResult.Committed;
import org.raftactors.ProposalResult.Rejected;
import org.raftactors.RejectReason;

/**
 * Commands that were sent in one message: each outcome goes to its own, they stand in the log in
 * their order, and behind one that may be sent again none is committed.
 */
final class SentBatch {

  /** Gets the answers to one of the commands. */
  interface Waiting {
    void onAnswer(Object answer);
  }

  private final long id;
  private final List<? extends Waiting> commands;
  private final Findings findings;
  private final ProposalResult<?>[] outcomes;

  SentBatch(long id, List<? extends Waiting> commands, Findings findings) {
    this.id = id;
    this.commands = commands;
    this.findings = findings;
    this.outcomes = new ProposalResult<?>[commands.size()];
  }

  void onAnswer(Object answer) {
    if (!(answer instanceof BatchResults results)
        || results.batch() != id
        || results.first() + results.results().size() > outcomes.length) {
      findings.violated(
          Checks.ONE_ANSWER, "no answer to batch " + id + " of " + commands + ": " + answer);
      return;
    }
    int place = results.first();
    for (ProposalResult<byte[]> result : results.results()) {
      outcomes[place] = result;
      commands.get(place++).onAnswer(result);
    }
    checkOrder();
  }

  private void checkOrder() {
    long lastIndex = 0;
    boolean mayBeSentAgain = false;
    for (int i = 0; i < outcomes.length; i++) {
      if (outcomes[i] instanceof Committed<?> committed) {
        long index = committed.token().index();
        if (index <= lastIndex || mayBeSentAgain) {
          findings.violated(
              Checks.TRUE_ANSWERS,
              commands.get(i) + " has overtaken one of its batch: " + Arrays.toString(outcomes));
        }
        lastIndex = index;
      } else if (outcomes[i] instanceof Rejected<?> no && no.reason() != RejectReason.TOO_LARGE) {
        mayBeSentAgain = true;
      }
    }
  }
}
