package org.raftactors.actor;

import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.Propose;
import org.raftactors.core.Proposal;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Role;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.RaftMessage;

/**
 * What a replica does while its disk is full: takes no proposals as a leader and no commands as a
 * follower, and goes on with everything else. Belongs to one incarnation; keeps nothing durable.
 */
final class Room {

  private final ActorSystem<?> system;
  private final ReplicaBlueprint<?, ?, ?> blueprint;
  private final Answers answers;

  Room(ActorSystem<?> system, ReplicaBlueprint<?, ?, ?> blueprint, Answers answers) {
    this.system = system;
    this.blueprint = blueprint;
    this.answers = answers;
  }

  private boolean isThere() {
    return blueprint.logStore().hasRoom(system);
  }

  /** Rather refused here than when the journal refuses the write, which would be a crash. */
  void propose(RaftCore core, Propose propose, long now) {
    if (core.role() == Role.LEADER && !isThere()) {
      answers.noSpace(propose);
    } else {
      core.propose(new Proposal(propose.command(), propose), now);
    }
  }

  /**
   * Without room, commands count as lost on the way: the leader sends them again, until there is.
   * What a leader begins with is small, and without it nothing could be read after an election.
   */
  boolean isFor(RaftMessage message) {
    return !(message instanceof AppendRequest append) || !hasCommands(append) || isThere();
  }

  private static boolean hasCommands(AppendRequest append) {
    for (LogEntry entry : append.entries()) {
      if (entry.kind() == EntryKind.COMMAND) {
        return true;
      }
    }
    return false;
  }
}
