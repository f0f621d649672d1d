package org.raftactors.link;

import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.raftactors.RaftPartition;
import org.raftactors.codec.PeerMessage;
import org.raftactors.core.membership.ReplicaId;

/** The links of an actor system. Thread-safe. */
public interface ReplicaLinks {

  /** One way to another actor system. Thread-safe. */
  interface Link {

    /**
     * Sends a message, or does not: replicas cope with losses.
     *
     * @param message that names no actor
     * @return false if the link is not open now, and the message should go another way
     */
    boolean send(PeerMessage message);

    /**
     * Sends a message that must not wait behind many others, or does not.
     *
     * @param message that names no actor
     * @return false if the link is not open now, has too much to carry, or does not answer, and the
     *     message should go another way
     */
    boolean sendPromptly(PeerMessage message);

    /**
     * Something has come from that actor system by remoting.
     *
     * @param now monotonic nanoseconds of the replicas' clock
     */
    void remotingHeard(long now);

    /** {@return when something came from there by remoting; {@link #NEVER} if that is unknown} */
    long remotingHeardAt();

    /**
     * Whether the caller is the one, of all who share the link, to have remoting heard from.
     *
     * @param now monotonic nanoseconds of the replicas' clock
     * @param interval nanoseconds for which only one is
     * @return true for one caller in each interval
     */
    boolean mayAskRemoting(long now, long interval);
  }

  /** A time so long ago that a difference to it does not overflow. */
  long NEVER = Long.MIN_VALUE / 2;

  /** A link that is never open. */
  Link NO_LINK =
      new Link() {
        @Override
        public boolean send(PeerMessage message) {
          return false;
        }

        @Override
        public boolean sendPromptly(PeerMessage message) {
          return false;
        }

        @Override
        public void remotingHeard(long now) {}

        @Override
        public long remotingHeardAt() {
          return NEVER;
        }

        @Override
        public boolean mayAskRemoting(long now, long interval) {
          return false;
        }
      };

  /** No links: everything goes by remoting. */
  ReplicaLinks NONE =
      new ReplicaLinks() {
        @Override
        public @Nullable LinkAddress address() {
          return null;
        }

        @Override
        public Link to(LinkAddress address) {
          return NO_LINK;
        }

        @Override
        public void attach(long group, ReplicaId replica, ActorRef<RaftPartition.Command> actor) {}

        @Override
        public void detach(long group, ReplicaId replica, ActorRef<RaftPartition.Command> actor) {}
      };

  /**
   * Where others link to.
   *
   * @return null if nowhere
   */
  @Nullable LinkAddress address();

  /**
   * The link to another actor system, which opens when it is first used.
   *
   * @param address as that actor system has told
   * @return always the same while it is in use
   */
  Link to(LinkAddress address);

  /**
   * From now on a replica gets what comes over links for it.
   *
   * @param group fingerprint of its cluster and partition
   * @param replica which one
   * @param actor its present incarnation; replaces an earlier one
   */
  void attach(long group, ReplicaId replica, ActorRef<RaftPartition.Command> actor);

  /**
   * An incarnation gets nothing more.
   *
   * @param group as attached
   * @param replica as attached
   * @param actor as attached; a later one is left alone
   */
  void detach(long group, ReplicaId replica, ActorRef<RaftPartition.Command> actor);
}
