package org.raftactors.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.Written;

/**
 * The log and its term ranges against a plain list, and the conflict search against a plain scan.
 */
class LogDifferentialTest {

  private static final int CASES = 50_000;
  private static final Configuration ONE = Configuration.ofVoters(List.of(new ReplicaId(1)));

  /** A log as a list of entries above a base. */
  private static final class Model {
    private LogPosition base;
    private final List<LogEntry> entries = new ArrayList<>();
    private long firstInMemory;

    Model(LogPosition base) {
      this.base = base;
      this.firstInMemory = base.index() + 1;
    }

    long last() {
      return base.index() + entries.size();
    }

    long term(long index) {
      return index == base.index()
          ? base.term()
          : entries.get((int) (index - base.index() - 1)).term();
    }

    void cut(long keep) {
      entries.subList((int) (keep - base.index()), entries.size()).clear();
      firstInMemory = Math.min(firstInMemory, keep + 1);
    }

    void compact(long index) {
      LogPosition newBase = new LogPosition(index, term(index));
      entries.subList(0, (int) (index - base.index())).clear();
      base = newBase;
      firstInMemory = Math.max(firstInMemory, index + 1);
    }

    void reset(LogPosition newBase) {
      entries.clear();
      base = newBase;
      firstInMemory = base.index() + 1;
    }

    long bytesInMemory() {
      return entries.stream()
          .filter(e -> e.index() >= firstInMemory)
          .mapToLong(LogEntry::sizeBytes)
          .sum();
    }

    void evict(long upTo, long budget) {
      while (bytesInMemory() > budget && firstInMemory <= Math.min(upTo, last())) {
        firstInMemory++;
      }
    }
  }

  private static List<LogEntry> draw(SplittableRandom random, long after, long lastTerm, int most) {
    List<LogEntry> entries = new ArrayList<>();
    long term = lastTerm;
    int count = 1 + random.nextInt(most);
    for (int i = 1; i <= count; i++) {
      term += random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0;
      entries.add(
          new LogEntry(
              after + i,
              Math.max(1, term),
              0,
              EntryKind.COMMAND,
              Payload.of(new byte[random.nextInt(50)])));
      term = Math.max(1, term);
    }
    return entries;
  }

  @Test
  @DisplayName(
      "28, 29, 30: append, truncate, compact, evict, replay and slice of the log equal a plain"
          + " list")
  void raftLog_randomOperations_equalsModel() {
    SplittableRandom random = new SplittableRandom(20_143);
    int operations = 0;
    for (int run = 0; operations < CASES; run++) {
      LogPosition base =
          random.nextBoolean() ? LogPosition.ZERO : new LogPosition(random.nextInt(1, 40), 2);
      RaftLog log = RaftLog.empty(new SnapshotBase(base, ONE));
      Model model = new Model(base);
      int steps = random.nextInt(1, 200);
      for (int i = 0; i < steps; i++, operations++) {
        operate(random, log, model);
        compare(random, log, model, "run " + run + " step " + i);
      }
    }
  }

  private static void operate(SplittableRandom random, RaftLog log, Model model) {
    switch (random.nextInt(8)) {
      case 0 -> {
        long keep = random.nextLong(model.base.index(), model.last() + 1);
        log.truncateAfter(keep);
        model.cut(keep);
      }
      case 1 -> {
        long upTo = random.nextLong(model.base.index(), model.last() + 1);
        long budget = random.nextInt(500);
        log.evict(upTo, budget);
        model.evict(upTo, budget);
      }
      case 2 -> {
        long index = random.nextLong(model.base.index(), model.last() + 1);
        log.compactTo(new SnapshotBase(new LogPosition(index, model.term(index)), ONE));
        model.compact(index);
      }
      case 3 -> {
        LogPosition base =
            new LogPosition(
                random.nextLong(model.base.index(), model.last() + 10), model.term(model.last()));
        log.resetTo(new SnapshotBase(base, ONE));
        model.reset(base);
      }
      case 4 -> {
        boolean moves = random.nextBoolean();
        if (moves && random.nextBoolean()) {
          model.compact(random.nextLong(model.base.index(), model.last() + 1));
        } else if (moves) {
          long beyond = random.nextLong(model.last() + 1, model.last() + 10);
          model.reset(new LogPosition(beyond, model.term(model.last())));
        }
        long keep = random.nextLong(model.base.index(), model.last() + 1);
        long budget = random.nextInt(2_000);
        LogPosition previous = new LogPosition(keep, model.term(keep));
        List<LogEntry> entries = draw(random, keep, previous.term(), 20);
        log.replay(
            new Written(
                new HardState(99, null),
                new SnapshotBase(model.base, ONE),
                previous,
                entries,
                model.base.index()),
            budget);
        model.cut(keep);
        model.entries.addAll(entries);
        model.evict(model.last(), budget);
      }
      default -> {
        List<LogEntry> entries = draw(random, model.last(), model.term(model.last()), 30);
        log.append(entries);
        model.entries.addAll(entries);
      }
    }
  }

  private static void compare(SplittableRandom random, RaftLog log, Model model, String where) {
    assertThat(log.lastIndex()).as(where).isEqualTo(model.last());
    assertThat(log.firstInMemory()).as(where).isEqualTo(model.firstInMemory);
    assertThat(log.bytesInMemory()).as(where).isEqualTo(model.bytesInMemory());
    long probe = random.nextLong(model.base.index(), model.last() + 1);
    assertThat(log.termAt(probe)).as(where).isEqualTo(model.term(probe));
    assertThat(log.contains(new LogPosition(probe, model.term(probe)))).as(where).isTrue();
    assertThat(log.contains(new LogPosition(probe, model.term(probe) + 1))).as(where).isFalse();
    if (model.firstInMemory <= model.last()) {
      long from = random.nextLong(model.firstInMemory, model.last() + 1);
      long to = random.nextLong(from, model.last() + 1);
      long maxBytes = random.nextInt(1_000);
      List<LogEntry> expected = new ArrayList<>();
      long bytes = 0;
      for (long index = from; index <= to; index++) {
        LogEntry entry = model.entries.get((int) (index - model.base.index() - 1));
        bytes += entry.sizeBytes();
        if (!expected.isEmpty() && bytes > maxBytes) {
          break;
        }
        expected.add(entry);
      }
      assertThat(log.slice(from, to, maxBytes)).as(where).isEqualTo(expected);
    }
  }

  @Test
  @DisplayName("33: the conflict search equals a scan, one index at a time")
  void highestIndexWithTermAtMost_randomCases_equalsScan() {
    SplittableRandom random = new SplittableRandom(20_144);
    for (int i = 0; i < CASES; i++) {
      LogPosition base =
          random.nextBoolean() ? LogPosition.ZERO : new LogPosition(random.nextInt(1, 9), 2);
      TermRanges ranges = TermRanges.startingAt(base);
      List<LogEntry> entries = draw(random, base.index(), base.term(), 25);
      ranges = ranges.extend(entries);
      long index = random.nextLong(base.index(), ranges.lastIndex() + 5);
      long term = random.nextLong(20);
      long expected = Math.min(index, ranges.lastIndex());
      while (expected > base.index() && ranges.termAt(expected) > term) {
        expected--;
      }
      assertThat(ranges.highestIndexWithTermAtMost(index, term))
          .as("case %s: %s index %s term %s", i, entries, index, term)
          .isEqualTo(expected);
    }
  }

  @Test
  @DisplayName("33: any two logs agree after few rounds, and never below where they really agree")
  void backTracking_randomLogs_convergesByTerms() {
    SplittableRandom random = new SplittableRandom(20_145);
    for (int i = 0; i < CASES; i++) {
      TermRanges leader = TermRanges.startingAt(LogPosition.ZERO);
      TermRanges follower = leader;
      int shared = random.nextInt(10);
      if (shared > 0) {
        List<LogEntry> prefix = draw(random, 0, 1, shared);
        leader = leader.extend(prefix);
        follower = follower.extend(prefix);
      }
      long agreed = leader.lastIndex();
      // Terms of different leaders differ: odd ones here, even ones there.
      leader = diverge(random, leader, 1);
      follower = diverge(random, follower, 0);
      long previous = leader.lastIndex();
      int rounds = 0;
      while (previous > follower.lastIndex()
          || follower.termAt(previous) != leader.termAt(previous)) {
        long hint =
            follower.highestIndexWithTermAtMost(
                Math.min(previous - 1, follower.lastIndex()), leader.termAt(previous));
        long next = leader.highestIndexWithTermAtMost(hint, follower.termAt(hint));
        assertThat(next).as("case %s goes down", i).isLessThan(previous);
        previous = next;
        rounds++;
      }
      assertThat(previous).as("case %s", i).isEqualTo(Math.min(agreed, leader.lastIndex()));
      int terms = leader.terms().length + follower.terms().length;
      assertThat(rounds).as("case %s: rounds", i).isLessThanOrEqualTo(terms);
    }
  }

  private static TermRanges diverge(SplittableRandom random, TermRanges shared, int odd) {
    TermRanges ranges = shared;
    int runs = random.nextInt(1, 5);
    long term = shared.lastTerm();
    for (int i = 0; i < runs; i++) {
      term += 1 + random.nextInt(4);
      term += (term & 1) == odd ? 0 : 1;
      ranges = ranges.extend(ranges.lastIndex() + 1 + random.nextInt(6), term);
    }
    return ranges;
  }
}
