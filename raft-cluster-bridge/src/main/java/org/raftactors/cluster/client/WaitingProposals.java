package org.raftactors.cluster.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * The proposals of a pipeline that wait to be sent, in the order of their numbers: first those that
 * were rejected, then those that were never sent, all of which have higher numbers.
 */
final class WaitingProposals {

  /** What a command takes in a message besides its bytes, generously. */
  private static final int OVERHEAD_BYTES = 32;

  private final TreeMap<Long, PendingProposal> rejected = new TreeMap<>();
  private final ArrayDeque<PendingProposal> fresh = new ArrayDeque<>();
  private long bytes;

  boolean isEmpty() {
    return fresh.isEmpty() && rejected.isEmpty();
  }

  /** What they take in messages. */
  long bytes() {
    return bytes;
  }

  /** One that was never sent, behind all others. */
  void add(PendingProposal proposal) {
    fresh.add(proposal);
    bytes += size(proposal);
  }

  /** One that is to be sent again, in its old place. */
  void putBack(PendingProposal proposal) {
    rejected.put(proposal.number, proposal);
    bytes += size(proposal);
  }

  /**
   * Takes the first ones out: at least one, and no more than fit.
   *
   * @param most how many
   * @param maxBytes what they may take together, unless it is one alone
   */
  List<PendingProposal> takeFirst(int most, long maxBytes) {
    List<PendingProposal> taken = new ArrayList<>();
    long takenBytes = 0;
    while (!isEmpty() && taken.size() < most) {
      PendingProposal next =
          rejected.isEmpty() ? fresh.element() : rejected.firstEntry().getValue();
      if (!taken.isEmpty() && takenBytes + size(next) > maxBytes) {
        break;
      }
      if (rejected.isEmpty()) {
        fresh.remove();
      } else {
        rejected.pollFirstEntry();
      }
      taken.add(next);
      takenBytes += size(next);
    }
    bytes -= takenBytes;
    return taken;
  }

  /** Takes those out whose deadline has come, and tells the deadlines of the others. */
  List<PendingProposal> takeDue(long now, LongConsumer deadlines) {
    List<PendingProposal> due = new ArrayList<>();
    rejected.values().removeIf(proposal -> isDue(proposal, now, due, deadlines));
    fresh.removeIf(proposal -> isDue(proposal, now, due, deadlines));
    due.forEach(proposal -> bytes -= size(proposal));
    return due;
  }

  private static boolean isDue(
      PendingProposal proposal, long now, List<PendingProposal> due, LongConsumer deadlines) {
    if (proposal.deadline <= now) {
      return due.add(proposal);
    }
    deadlines.accept(proposal.deadline);
    return false;
  }

  private static long size(PendingProposal proposal) {
    return (long) proposal.command.length() + OVERHEAD_BYTES;
  }
}
