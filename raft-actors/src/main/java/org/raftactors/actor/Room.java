package org.raftactors.actor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorSystem;
import org.raftactors.Propose;
import org.raftactors.ProposeBatch;
import org.raftactors.TransferLeadership;
import org.raftactors.core.Proposal;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Role;
import org.raftactors.core.log.Payload;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.RaftMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a replica does while its disk fills up: takes no proposals as a leader, hands leadership
 * over if that lasts, later takes no commands as a follower, and goes on with everything else. In
 * this order, since a leader must bring home what it found in its log before it can serve. Belongs
 * to one incarnation; keeps nothing durable.
 */
final class Room {

  private static final Logger logger = LoggerFactory.getLogger(Room.class);

  private final ActorSystem<?> system;
  private final ReplicaBlueprint<?, ?, ?> blueprint;
  private final Answers answers;
  private final FullLeader fullLeader;

  Room(ActorSystem<?> system, ReplicaBlueprint<?, ?, ?> blueprint, Answers answers) {
    this.system = system;
    this.blueprint = blueprint;
    this.answers = answers;
    this.fullLeader = new FullLeader(blueprint.settings().core().electionTimeoutMax());
  }

  private boolean isThere() {
    return blueprint.logStore().hasRoom(system);
  }

  /** Rather refused here than when the journal refuses the write, which would be a crash. */
  void propose(RaftCore core, Propose propose, long now) {
    if (admits(core)) {
      core.propose(new Proposal(propose.command(), propose), now);
    } else {
      Answers.tell(propose.replyTo(), answers.noSpace());
      handOverIfDue(core, now);
    }
  }

  void propose(RaftCore core, ProposeBatch batch, long now) {
    if (admits(core)) {
      List<Payload> commands = batch.commands();
      List<Proposal> proposals = new ArrayList<>(commands.size());
      for (int i = 0; i < commands.size(); i++) {
        proposals.add(new Proposal(commands.get(i), new BatchedCommand(batch, i)));
      }
      core.proposeAll(proposals, now);
    } else {
      Answers.rejectAll(batch, answers.noSpace());
      handOverIfDue(core, now);
    }
  }

  private boolean admits(RaftCore core) {
    if (core.role() != Role.LEADER) {
      return true; // the core names the leader
    }
    boolean there = isThere();
    if (there) {
      fullLeader.hasRoom();
    }
    return there;
  }

  /** To the follower that has most of the log: one without room soon has less than others. */
  private void handOverIfDue(RaftCore core, long now) {
    if (fullLeader.isDue(core.hardState().term(), now)) {
      logger.warn("{} leads with a full disk, and hands leadership over", blueprint.label());
      // How that ends, the next proposals show.
      core.transferLeadership(
          new TransferLeadership(Optional.empty(), system.ignoreRef()), null, now);
    }
  }

  /**
   * Without room even for what leaders have taken already, commands count as lost on the way: the
   * leader sends them again, until there is. What a leader begins with is small, and without it
   * nothing could be read after an election.
   */
  boolean isFor(RaftMessage message) {
    return !(message instanceof AppendRequest append)
        || !DurableLog.hasCommands(append.entries())
        || blueprint.logStore().hasRoomToFinish(system);
  }
}
