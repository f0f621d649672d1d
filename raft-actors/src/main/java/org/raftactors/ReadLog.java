package org.raftactors;

import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;
import org.raftactors.codec.CborMessage;

/**
 * Reads committed commands out of a replica's log, for an application that follows it: a search
 * index, a stream of changes, an audit. Any replica can be asked, each knows another commit index;
 * what one gives for an index, every other gives too. Read beside consensus, from the journal.
 *
 * <p>A request also holds the log: until {@code holdFor} has passed, or the same reader asks again,
 * this replica keeps its log from {@code fromIndex} on, whatever snapshots it takes, up to {@code
 * raft-actors.partition.log-kept-for-readers-bytes}. Holds are not durable: after a restart of the
 * replica, ask again before much is written. A replica that was so far behind that the leader sent
 * it a snapshot has no log before that, held or not.
 *
 * @param reader name of who reads; one hold and one open request for each, up to {@code
 *     raft-actors.partition.log-readers} names
 * @param fromIndex the first index that is wanted, from 1
 * @param maxBytes how much is wanted at most, from 1; the replica may give less, but always one
 *     command if there is one
 * @param holdFor how long the log is held; zero ends this reader's hold
 * @param replyTo gets the answer
 */
public record ReadLog(
    String reader, long fromIndex, int maxBytes, Duration holdFor, ActorRef<LogPage> replyTo)
    implements RaftPartition.Command, CborMessage {

  private static final int LONGEST_NAME = 200;
  private static final Duration LONGEST_HOLD = Duration.ofDays(365);

  /**
   * Checks what is asked for.
   *
   * @param reader whose position it is
   * @param fromIndex from 1
   * @param maxBytes from 1
   * @param holdFor from zero
   * @param replyTo gets the page
   * @throws IllegalArgumentException naming the value and the rule
   */
  public ReadLog {
    check(
        !reader.isBlank() && reader.length() <= LONGEST_NAME,
        "reader = \"" + reader + "\": must have 1 to " + LONGEST_NAME + " characters");
    check(fromIndex >= 1, "fromIndex = " + fromIndex + ": must be at least 1");
    check(maxBytes >= 1, "maxBytes = " + maxBytes + ": must be at least 1");
    check(
        !holdFor.isNegative() && holdFor.compareTo(LONGEST_HOLD) <= 0,
        "holdFor = " + holdFor + ": must be from zero to 365 days");
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
