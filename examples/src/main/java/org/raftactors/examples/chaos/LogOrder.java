package org.raftactors.examples.chaos;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.raftactors.testkit.linearizability.RegisterInput;
import org.raftactors.testkit.linearizability.RegisterOutput;

/**
 * Compares the places in the logs that the answers name. This is sharper than the history of a key
 * alone: it orders operations on different keys of a partition, and it needs no search, so that no
 * number of unknown outcomes blurs it.
 */
final class LogOrder {

  private static final int SHOWN = 5;

  private final List<Placed> placed;
  private final Set<String> perhapsDeleted;
  private final Findings findings;

  /** Of each partition: when an answer was there, the highest index that was known by then. */
  private final Map<Long, TreeMap<Long, Long>> known = new HashMap<>();

  private LogOrder(List<Placed> placed, Set<String> perhapsDeleted, Findings findings) {
    this.placed = placed;
    this.perhapsDeleted = perhapsDeleted;
    this.findings = findings;
    for (Placed one : placed.stream().sorted(Comparator.comparingLong(Placed::ended)).toList()) {
      TreeMap<Long, Long> partition =
          known.computeIfAbsent(one.place().partition(), number -> new TreeMap<>());
      long highest = partition.isEmpty() ? 0 : partition.lastEntry().getValue();
      partition.put(one.ended(), Math.max(highest, one.place().index()));
    }
  }

  static void judge(Recording run, Findings findings) {
    Set<String> perhapsDeleted = new HashSet<>();
    run.history().stream()
        .filter(operation -> operation.open() && operation.input() instanceof RegisterInput.Delete)
        .forEach(operation -> perhapsDeleted.add(operation.input().key()));
    LogOrder order = new LogOrder(run.placed(), perhapsDeleted, findings);
    order.realTime();
    order.onePlaceEach();
    order.oneTermEach();
    order.valuesStay();
    order.readsShowTheLastWrite();
    order.staleReadsAreNotTooOld(run.strikes());
  }

  private void violations(String what, List<String> texts) {
    if (!texts.isEmpty()) {
      String first = String.join("\n  ", texts.subList(0, Math.min(SHOWN, texts.size())));
      findings.violation("%s, %d times:%n  %s".formatted(what, texts.size(), first));
    }
  }

  /** The highest index of a partition that an answer named before a time. */
  private long knownBefore(long partition, long time) {
    Map.Entry<Long, Long> last = known.getOrDefault(partition, new TreeMap<>()).lowerEntry(time);
    return last == null ? 0 : last.getValue();
  }

  /** What began after an answer was there stands behind it; a read may stand at the same place. */
  private void realTime() {
    List<String> texts = new ArrayList<>();
    for (Placed one : placed) {
      long floor = knownBefore(one.place().partition(), one.began());
      long index = one.place().index();
      if (!one.stale() && (one.isWrite() ? index <= floor : index < floor)) {
        texts.add(one + ", but index " + floor + " was known before it began");
      }
    }
    violations("out of order in the log", texts);
  }

  private void onePlaceEach() {
    Map<String, Placed> taken = new HashMap<>();
    List<String> texts = new ArrayList<>();
    for (Placed one : placed) {
      if (one.isWrite()) {
        Placed other = taken.putIfAbsent(one.place().partition() + "." + one.place().index(), one);
        if (other != null) {
          texts.add(one + " and " + other);
        }
      }
    }
    violations("two writes were acknowledged at one place", texts);
  }

  /** An entry that somebody was told of is never replaced by one of another term. */
  private void oneTermEach() {
    Map<String, Placed> terms = new HashMap<>();
    List<String> texts = new ArrayList<>();
    for (Placed one : placed) {
      Placed other = terms.putIfAbsent(one.place().partition() + "." + one.place().index(), one);
      if (other != null && other.place().term() != one.place().term()) {
        texts.add(one + " and " + other);
      }
    }
    violations("two terms at one place", texts);
  }

  /** A value, which is written once at most, has one place in the log: it never moves. */
  private void valuesStay() {
    Map<String, Long> places = new HashMap<>();
    List<String> texts = new ArrayList<>();
    for (Placed one : placed) {
      String value = null;
      long index = one.place().index();
      if (one.input() instanceof RegisterInput.Put put) {
        value = put.value();
      } else if (one.input() instanceof RegisterInput.CompareAndSwap swap && one.changed()) {
        value = swap.update();
      } else if (one.output() instanceof RegisterOutput.Value read) {
        value = read.value();
        index = one.place().shown();
      }
      Long before = value == null ? null : places.putIfAbsent(value, index);
      if (before != null && before != index) {
        texts.add(one + " has the value at index " + index + ", others at " + before);
      }
    }
    violations("a value has moved in the log", texts);
  }

  /**
   * A read shows the last write of its key up to the place that it names, also a stale one. Only
   * what certainly changed the key, at a known place, can contradict it.
   */
  private void readsShowTheLastWrite() {
    Map<String, TreeMap<Long, Placed>> changes = new HashMap<>();
    for (Placed one : placed) {
      if (one.changed()) {
        changes
            .computeIfAbsent(one.input().key(), key -> new TreeMap<>())
            .put(one.place().index(), one);
      }
    }
    List<String> texts = new ArrayList<>();
    for (Placed one : placed) {
      if (one.output() instanceof RegisterOutput.Value read) {
        Map.Entry<Long, Placed> last =
            changes
                .getOrDefault(one.input().key(), new TreeMap<>())
                .floorEntry(one.place().index());
        String problem = contradiction(one, read.value(), last == null ? null : last.getValue());
        if (problem != null) {
          texts.add(one + ", " + problem);
        }
      }
    }
    violations("a read does not show the last write", texts);
  }

  private @Nullable String contradiction(
      Placed read, @Nullable String value, @Nullable Placed last) {
    if (value == null) {
      boolean deleted =
          last == null
              || last.input() instanceof RegisterInput.Delete
              || perhapsDeleted.contains(read.input().key());
      return deleted ? null : "but there is " + last;
    }
    if (read.place().shown() > read.place().index()) {
      return "which shows what was written later, at index " + read.place().shown();
    }
    return last != null && last.place().index() > read.place().shown()
        ? "which shows index " + read.place().shown() + ", but there is " + last
        : null;
  }

  /** What was known so long before a stale read began that its bound covers it must be in it. */
  private void staleReadsAreNotTooOld(List<Strike> strikes) {
    Lateness lateness = new Lateness(strikes);
    List<String> texts = new ArrayList<>();
    for (Placed one : placed) {
      if (one.stale()) {
        long covered = lateness.oldest(one.began() - Requests.MAX_LAG_NANOS, one.ended());
        long floor = knownBefore(one.place().partition(), covered);
        if (one.place().index() < floor) {
          texts.add(
              "%s, but index %d was known %d ms before it began"
                  .formatted(one, floor, (one.began() - covered) / 1_000_000));
        }
      }
    }
    violations("a stale read is older than its bound", texts);
  }
}
