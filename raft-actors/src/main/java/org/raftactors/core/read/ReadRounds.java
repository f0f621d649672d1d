package org.raftactors.core.read;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads at the leader and the rounds that confirm them (thesis 6.4). A read joins the first round
 * that starts after it arrived; a majority of acknowledgements that name this round, or a later one
 * of the same term, confirms it. An earlier round says nothing about it: a deposed leader may still
 * be receiving old acknowledgements (etcd 20418).
 */
public final class ReadRounds {

  /**
   * A read that may be served.
   *
   * @param read the read
   * @param readIndex once this index is applied
   */
  public record Confirmed(PendingRead read, long readIndex) {}

  private record Round(long id, long readIndex, List<PendingRead> reads) {}

  private List<PendingRead> waiting = new ArrayList<>();
  private final ArrayDeque<Round> open = new ArrayDeque<>();
  private int size;

  public void add(PendingRead read) {
    waiting.add(read);
    size++;
  }

  public int size() {
    return size;
  }

  public boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  /**
   * Puts all waiting reads into a round that starts now.
   *
   * @param id the round, higher than any before in this term
   * @param readIndex the commit index now
   */
  public void open(long id, long readIndex) {
    open.add(new Round(id, readIndex, waiting));
    waiting = new ArrayList<>();
  }

  /**
   * Takes out what a confirmed round confirms.
   *
   * @param id the highest round that a majority has acknowledged
   * @return the reads of that round and of all earlier ones
   */
  public List<Confirmed> confirm(long id) {
    if (open.isEmpty() || open.getFirst().id() > id) {
      return List.of();
    }
    List<Confirmed> confirmed = new ArrayList<>();
    while (!open.isEmpty() && open.getFirst().id() <= id) {
      Round round = open.removeFirst();
      for (PendingRead read : round.reads()) {
        confirmed.add(new Confirmed(read, round.readIndex()));
      }
    }
    size -= confirmed.size();
    return confirmed;
  }

  /**
   * Takes everything out, after leadership was lost.
   *
   * @return all reads that are not confirmed
   */
  public List<PendingRead> clear() {
    List<PendingRead> all = new ArrayList<>();
    open.forEach(round -> all.addAll(round.reads()));
    all.addAll(waiting);
    open.clear();
    waiting = new ArrayList<>();
    size = 0;
    return all;
  }
}
