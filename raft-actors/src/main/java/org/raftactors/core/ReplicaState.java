package org.raftactors.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.RaftLog;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Outbox;
import org.raftactors.core.write.WritePipeline;

/**
 * What the parts of a replica share: hard state, log, role, leader, commit index, the clock reading
 * of the current step and the effects of it. Changed by the parts of the core only, within a step.
 */
final class ReplicaState {

  static final long NEVER = Long.MAX_VALUE;

  /**
   * No honest cluster gets here; a message that claims more is damaged or malicious (scenario 16).
   */
  static final long HIGHEST_TERM = 1L << 62;

  final CoreSettings settings;
  final ReplicaId self;
  final RaftLog log;
  final WritePipeline pipeline;
  final Outbox outbox;

  private final RandomGenerator random;
  private final List<Effect> effects = new ArrayList<>();

  private Configuration configuration;
  private HardState hardState;

  /** The log is here, but the state that it stands on is not: only a snapshot of others helps. */
  private boolean stateMissing;

  private Role role = Role.FOLLOWER;
  private @Nullable ReplicaId leader;
  private boolean published;
  private long announcedTerm;
  private long commitIndex;
  private long lastTimestampMillis;

  /** What the tail of the log may take in memory; never more than the settings allow. */
  private long tailBytes;

  private long now;
  private long electionTimeout;
  private long electionDeadline;
  private long lastLeaderContact = Long.MIN_VALUE;

  /** Everything up to here is known to equal the log of the leader of this term. */
  private long verifiedIndex;

  ReplicaState(
      CoreSettings settings,
      ReplicaId self,
      DurableState durable,
      RaftLog log,
      RandomGenerator random,
      long now) {
    this.settings = settings;
    this.tailBytes = settings.tailBytes();
    this.self = self;
    this.log = log;
    this.random = random;
    this.now = now;
    this.pipeline = new WritePipeline(durable);
    this.outbox = new Outbox(pipeline, (to, message) -> effects.add(new Effect.Send(to, message)));
    this.configuration = durable.base().configuration();
    this.hardState = durable.hardState();
    this.announcedTerm = durable.hardState().term();
    this.commitIndex = durable.commitHint();
    this.verifiedIndex = durable.commitHint();
    this.lastTimestampMillis = durable.lastTimestampMillis();
    drawElectionTimeout();
  }

  void beginStep(long time) {
    now = Math.max(now, time);
  }

  void limitTail(long bytes) {
    tailBytes = Math.min(settings.tailBytes(), Math.max(bytes, settings.maxAppendBytes()));
  }

  long tailBytes() {
    return tailBytes;
  }

  long now() {
    return now;
  }

  void effect(Effect effect) {
    effects.add(effect);
  }

  void takeEffects(Consumer<Effect> executor) {
    if (effects.isEmpty()) {
      return;
    }
    List<Effect> taken = List.copyOf(effects);
    effects.clear();
    taken.forEach(executor);
  }

  Configuration configuration() {
    return configuration;
  }

  /** A snapshot's configuration replaces the one in force, wherever that came from. */
  void configure(Configuration newConfiguration) {
    configuration = newConfiguration;
  }

  boolean isStateMissing() {
    return stateMissing;
  }

  void stateMissing(boolean missing) {
    stateMissing = missing;
  }

  /** Whether it may stand for election now, and be leader. */
  boolean mayCampaign() {
    return isVoter() && !isStorageSlow() && !stateMissing;
  }

  boolean isVoter() {
    return configuration.isVoter(self);
  }

  HardState hardState() {
    return hardState;
  }

  long term() {
    return hardState.term();
  }

  Role role() {
    return role;
  }

  boolean isLeader() {
    return role == Role.LEADER;
  }

  @Nullable ReplicaId leader() {
    return leader;
  }

  boolean isPublished() {
    return published;
  }

  long commitIndex() {
    return commitIndex;
  }

  void commitTo(long index) {
    commitIndex = Math.max(commitIndex, index);
  }

  long verifiedIndex() {
    return verifiedIndex;
  }

  void verifiedTo(long index) {
    verifiedIndex = Math.max(verifiedIndex, index);
  }

  long nextTimestamp(long wallClockMillis) {
    lastTimestampMillis = Math.max(lastTimestampMillis, wallClockMillis);
    return lastTimestampMillis;
  }

  void sawTimestamp(long millis) {
    lastTimestampMillis = Math.max(lastTimestampMillis, millis);
  }

  /** Enters a term: whatever an older one promised and did not send stays unsent. */
  void enterTerm(long term, @Nullable ReplicaId vote) {
    hardState = new HardState(term, vote);
    outbox.termChanged();
    verifiedIndex = commitIndex;
  }

  void vote(ReplicaId candidate) {
    hardState = new HardState(hardState.term(), candidate);
  }

  void become(Role newRole, @Nullable ReplicaId newLeader, boolean newPublished) {
    boolean same =
        role == newRole
            && Objects.equals(leader, newLeader)
            && published == newPublished
            && announcedTerm == term();
    announcedTerm = term();
    boolean lostLeader = newRole == Role.FOLLOWER && newLeader == null && leader != null;
    role = newRole;
    leader = newLeader;
    published = newPublished;
    if (lostLeader) {
      lastLeaderContact = Long.MIN_VALUE;
    }
    if (!same) {
      effect(new Effect.LeadershipChanged(term(), role, leader, published));
    }
  }

  /** A leader of this term was heard. */
  void leaderContact() {
    lastLeaderContact = now;
    electionDeadline = now + electionTimeout;
  }

  /** Leader stickiness (thesis 4.2.3): a replica that has a leader helps nobody to depose it. */
  boolean hasFreshLeader() {
    return isLeader()
        || (lastLeaderContact != Long.MIN_VALUE
            && now - lastLeaderContact < settings.electionTimeoutMin());
  }

  /** A new time-out from the full range, for each attempt (rule 10). */
  void drawElectionTimeout() {
    electionTimeout = random.nextLong(settings.electionTimeoutMin(), settings.electionTimeoutMax());
    electionDeadline = now + electionTimeout;
  }

  long electionDeadline() {
    return electionDeadline;
  }

  /**
   * The disk has not answered for an election timeout: this replica must not lead, nor help others
   * to.
   */
  boolean isStorageSlow() {
    return pipeline.writeAge(now) >= settings.electionTimeoutMin();
  }
}
