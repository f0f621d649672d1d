package org.raftactors.testkit.simulation.world;

import org.jspecify.annotations.Nullable;
import org.raftactors.core.CoreSettings;
import org.raftactors.core.RaftCore;
import org.raftactors.core.Role;
import org.raftactors.core.TransferOutcome;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.AppendRejected;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.core.message.HeartbeatAck;
import org.raftactors.core.message.PreVoteRequest;
import org.raftactors.core.message.PreVoteResponse;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.ReadIndexRequest;
import org.raftactors.core.message.SnapshotRequest;
import org.raftactors.core.message.TimeoutNow;
import org.raftactors.core.message.VoteRequest;
import org.raftactors.testkit.simulation.check.Bounds;
import org.raftactors.testkit.simulation.check.Freshness;
import org.raftactors.testkit.simulation.check.Property;
import org.raftactors.testkit.simulation.check.RegisterCommand;
import org.raftactors.testkit.simulation.check.Request;
import org.raftactors.testkit.simulation.check.Violation;

/**
 * How one incarnation behaves by itself, judged by its own clock and by whom it owes an answer:
 * what the disks and the other replicas cannot tell.
 */
final class Conduct {

  private static final long NEVER = Long.MIN_VALUE;

  private final Shell shell;
  private final Node node;
  private final World world;
  private final CoreSettings settings;
  private final Bounds bounds;
  private final Freshness freshness;

  private int reads;
  private int writes;
  private long writtenBytes;
  private @Nullable Request transfer;
  private long transferSince;

  private boolean led;
  private long ledSince;
  private long writingSince = NEVER;

  /**
   * The term that the replica knows to be durable: its disk may be further, and not have said so.
   */
  private long knownDurableTerm;

  private @Nullable ReplicaId heardLeader;
  private long heardTerm;
  private long heardAt;

  /** Of the message that is being handled. */
  private long termBefore;

  private long matchBefore;
  private boolean stuckBefore;
  private @Nullable ReplicaId lastTo;

  Conduct(Shell shell, World world, CoreSettings settings) {
    this.shell = shell;
    this.node = shell.node();
    this.world = world;
    this.settings = settings;
    this.bounds = new Bounds(settings);
    this.freshness = world.safety().freshness(node.id());
    this.knownDurableTerm = node.durable().hardState().term();
  }

  private Violation violation(Property property, String what) {
    return new Violation(property, node.id() + " " + what);
  }

  private boolean leads() {
    return shell.core().role() == Role.LEADER;
  }

  /** Whether it hears a leader other than that replica. */
  private boolean hearsAnotherThan(ReplicaId candidate, RaftCore core) {
    ReplicaId leader = core.leader();
    return leader != null
        && !leader.equals(candidate)
        && (leads()
            || (leader.equals(heardLeader)
                && heardTerm == core.hardState().term()
                && node.localNow() - heardAt < settings.electionTimeoutMin()));
  }

  private boolean diskHangs() {
    return writingSince != NEVER && node.localNow() - writingSince >= settings.electionTimeoutMin();
  }

  void writes() {
    writingSince = node.localNow();
  }

  void written() {
    writingSince = NEVER;
    knownDurableTerm = node.durable().hardState().term(); // at most one write is under way
  }

  /** A message is about to be handled. */
  void receives(ReplicaId from, RaftMessage message) {
    RaftCore core = shell.core();
    termBefore = core.hardState().term();
    lastTo = null;
    matchBefore = message instanceof AppendAccepted ? core.matchIndex(from) : -1;
    stuckBefore =
        message instanceof VoteRequest request
            && message.term() > termBefore
            && !request.leadershipTransfer()
            && hearsAnotherThan(from, core);
  }

  /** It was handled, and what it caused has left. */
  void received(ReplicaId from, RaftMessage message) {
    RaftCore core = shell.core();
    long term = core.hardState().term();
    if (message.term() > termBefore) {
      newer(message, term);
    } else if (message.term() < termBefore) {
      older(from, message, core);
    } else if (message instanceof Heartbeat heartbeat) {
      heard(from, core, heartbeat.leaderCommit());
    } else if (message instanceof AppendRequest append) {
      heard(from, core, append.leaderCommit());
    } else if (leads()) {
      answered(from, message, core);
    }
    if (message.term() > termBefore && term == message.term()) {
      if (message instanceof Heartbeat heartbeat) {
        heard(from, core, heartbeat.leaderCommit());
      } else if (message instanceof AppendRequest append) {
        heard(from, core, append.leaderCommit());
      }
    }
  }

  private void newer(RaftMessage message, long term) {
    boolean mayIgnore =
        message instanceof PreVoteRequest
            || (message instanceof PreVoteResponse response && response.granted())
            || (message instanceof VoteRequest request && !request.leadershipTransfer());
    if (!mayIgnore && term < message.term()) {
      throw violation(Property.TERMS_RESPECTED, "heard " + message + " and stays in term " + term);
    }
    if (stuckBefore && term > termBefore) {
      throw violation(
          Property.STICKINESS, "heard its leader just now, and gives it up for " + message);
    }
  }

  private void older(ReplicaId from, RaftMessage message, RaftCore core) {
    boolean wantsAnswer =
        message instanceof AppendRequest
            || message instanceof Heartbeat
            || message instanceof VoteRequest
            || message instanceof ReadIndexRequest;
    boolean mayAnswer = knownDurableTerm >= core.hardState().term();
    if (wantsAnswer && mayAnswer && !from.equals(lastTo)) {
      throw violation(Property.TERMS_RESPECTED, "does not tell " + from + " of its newer term");
    }
    if (message instanceof AppendAccepted && core.matchIndex(from) != matchBefore) {
      throw violation(
          Property.TERMS_RESPECTED,
          "leads term " + core.hardState().term() + " and counts " + message + " of " + from);
    }
  }

  private void heard(ReplicaId leader, RaftCore core, long commit) {
    if (core.role() != Role.FOLLOWER || !leader.equals(core.leader())) {
      throw violation(
          Property.TERMS_RESPECTED,
          "hears the leader of its term and is a "
              + core.role()
              + " that follows "
              + core.leader());
    }
    heardLeader = leader;
    heardTerm = core.hardState().term();
    heardAt = node.localNow();
    freshness.heard(commit, heardTerm, shell.machine().applied(), heardAt);
  }

  private void answered(ReplicaId follower, RaftMessage message, RaftCore core) {
    if (message instanceof AppendAccepted && core.matchIndex(follower) < matchBefore) {
      throw violation(
          Property.MATCH_INDEX_TRUTH,
          "believed that " + follower + " has all up to " + matchBefore + ", now less");
    }
    boolean contact =
        message instanceof AppendAccepted
            || message instanceof AppendRejected
            || message instanceof HeartbeatAck
            || message instanceof SnapshotRequest;
    if (contact) {
      freshness.answered(
          follower, core.hardState().term(), shell.machine().applied(), node.localNow());
    }
  }

  /** A message leaves. */
  void leaves(ReplicaId to, RaftMessage message) {
    lastTo = to;
    if (message instanceof AppendRequest append) {
      bounds.check(node, to, append);
    } else if (message instanceof PreVoteResponse response && response.granted()) {
      if (diskHangs() || hearsAnotherThan(to, shell.core())) {
        throw violation(
            Property.STICKINESS,
            "grants a pre-vote to " + to + (diskHangs() ? ", its disk hangs" : ", hears a leader"));
      }
    } else if (message instanceof PreVoteRequest && diskHangs()) {
      throw violation(Property.STICKINESS, "wants to lead, but its disk hangs");
    } else if (message instanceof TimeoutNow) {
      handsOver(to, shell.core());
    }
  }

  private void handsOver(ReplicaId to, RaftCore core) {
    Node target = world.node((int) to.value() - 1);
    long last = shell.log().lastIndex();
    boolean behind =
        target.durable().hardState().term() <= core.hardState().term()
            && !world.safety().isDurable(target, last, shell.log().termAt(last));
    if (target.index() >= world.plan().parameters().voters()
        || behind
        || (core.commitIndex() < last && !diskHangs())) {
      throw violation(
          Property.TRANSFER,
          "hands over to "
              + to
              + (behind ? ", which lacks entries" : "")
              + "; committed "
              + core.commitIndex()
              + ", last "
              + last);
    }
  }

  /** A core is about to be asked; returns whether it must refuse. */
  boolean asks(Request request) {
    request.asked(world.inputs(), leads() ? shell.core().hardState().term() : 0);
    if (request.kind() == Request.Kind.TRANSFER) {
      if (transfer == null) {
        transfer = request;
        transferSince = node.localNow();
      }
    } else if (request.kind().isWrite()) {
      writes++;
      writtenBytes += RegisterCommand.size(request) + (long) LogEntry.OVERHEAD_BYTES;
      return transfer != null;
    } else {
      reads++;
    }
    return false;
  }

  /** Whoever was asked has answered, or what stands for it. */
  void answers(Request request) {
    if (request.asked() == 0) {
      return; // was in the mailbox only
    }
    if (request.kind() == Request.Kind.TRANSFER) {
      transfer = transfer == request ? null : transfer;
    } else if (request.kind().isWrite()) {
      writes--;
      writtenBytes -= RegisterCommand.size(request) + (long) LogEntry.OVERHEAD_BYTES;
    } else {
      reads--;
    }
  }

  /** A proposal was handled while leadership was being handed over. */
  void checkRefused(Request request) {
    if (request.answer() != Request.Answer.REJECTED) {
      throw violation(Property.TRANSFER, "hands leadership over and accepts " + request);
    }
  }

  /** Nobody knows what becomes of a proposal. */
  void unknown(Request request) {
    long index = request.appended().index();
    boolean known =
        index > shell.log().terms().baseIndex() // below it a snapshot holds what came of it
            && index <= shell.core().commitIndex()
            && shell.log().termAt(index) == request.appended().term();
    if (known) {
      throw violation(
          Property.PROPOSAL_OUTCOME,
          "knows that " + request + " is committed at " + index + ", and says that it does not");
    }
  }

  void ends(Request request, TransferOutcome outcome) {
    boolean newer = shell.core().hardState().term() > request.askedInTerm();
    if (outcome == TransferOutcome.DONE && !newer) {
      throw violation(Property.TRANSFER, "calls " + request + " done, but knows no newer term");
    }
  }

  void stale(Request request, long now) {
    freshness.check(node, request, request.expected(), shell.machine().applied(), now);
  }

  /** A leader says that it leads, to everybody. */
  void published() {
    RaftCore core = shell.core();
    if (shell.log().termAt(core.appliedIndex()) != core.hardState().term()) {
      throw violation(
          Property.LEADER_COMPLETENESS,
          "is published as the leader of term "
              + core.hardState().term()
              + ", but has not applied its first entry of it");
    }
  }

  /** After each input. */
  void stepped() {
    RaftCore core = shell.core();
    Role role = core.role();
    if (role != Role.LEADER && writes > 0) {
      long answerable = core.commitIndex() - shell.machine().applied();
      if (writes > answerable) {
        throw violation(
            Property.ONE_ANSWER,
            "does not lead and keeps " + writes + " proposers waiting for " + answerable);
      }
    }
    boolean leaderless = role == Role.PRE_CANDIDATE || (led && role != Role.LEADER);
    if (role == Role.LEADER && !led) {
      ledSince = node.localNow();
    }
    led = role == Role.LEADER;
    boolean allApplied = core.commitIndex() == core.appliedIndex();
    if (leaderless && allApplied && reads > shell.machine().queuedReads()) {
      throw violation(
          Property.ONE_ANSWER,
          "leads no more, or hears no leader, and keeps " + reads + " readers waiting");
    }
    bounds.check(node, shell.machine().queuedBytes(), writtenBytes, reads);
  }

  /** After each tick. */
  void ticked() {
    if (led && leads()) {
      long contact = freshness.contact(shell.core().hardState().term(), shell.machine().applied());
      if (node.localNow() - Math.max(contact, ledSince) >= settings.electionTimeoutMin()) {
        throw violation(Property.CHECK_QUORUM, "leads, though no majority has answered in time");
      }
    }
    if (transfer != null && node.localNow() - transferSince >= settings.electionTimeoutMin()) {
      throw violation(Property.TRANSFER, "has not given " + transfer + " up in time");
    }
  }
}
