package org.raftactors.core.script;

import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.PreVoteRequest;
import org.raftactors.core.message.PreVoteResponse;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.VoteRequest;
import org.raftactors.core.message.VoteResponse;
import org.raftactors.core.write.HardState;

/** Rule 1 at the moment a message leaves: what it promises must be on the sender's disk. */
final class PromiseChecker {

  private PromiseChecker() {}

  static void leaves(ScriptReplica sender, ReplicaId to, RaftMessage message) {
    if (message instanceof PreVoteRequest || message instanceof PreVoteResponse) {
      return; // promise nothing
    }
    HardState durable = sender.disk().hardState();
    boolean kept = durable.term() >= message.term();
    if (message instanceof VoteRequest request) {
      kept = durable.equals(new HardState(request.term(), sender.id()));
    } else if (message instanceof VoteResponse response && response.granted()) {
      kept = durable.equals(new HardState(response.term(), to));
    } else if (message instanceof AppendAccepted accepted) {
      kept = kept && sender.disk().lastIndex() >= accepted.matchIndex();
    } else if (message instanceof AppendRequest append) {
      sender.checker().entries(append.previous(), append.entries());
    }
    Require.that(
        kept,
        "%s->%s %s leaves, but durable are %s and the log up to %s",
        sender.id(),
        to,
        message,
        durable,
        sender.disk().lastIndex());
  }
}
