package org.raftactors.testkit.simulation.check;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;

/**
 * Every entry that was ever written or sent, by index and term: the same everywhere, and with the
 * same entry before it (log matching).
 */
final class Facts {

  /** One entry at an index; the others at the same index have other terms. */
  private static final class Fact {
    final LogEntry entry;
    final long previousTerm;
    final @Nullable Fact next;

    Fact(LogEntry entry, long previousTerm, @Nullable Fact next) {
      this.entry = entry;
      this.previousTerm = previousTerm;
      this.next = next;
    }
  }

  private final Requests requests;
  private @Nullable Fact[] facts = new @Nullable Fact[256];

  Facts(Requests requests) {
    this.requests = requests;
  }

  void see(LogPosition previous, List<LogEntry> entries) {
    long previousTerm = previous.term();
    for (int i = 0; i < entries.size(); i++) {
      LogEntry entry = entries.get(i);
      see(entry, previousTerm);
      previousTerm = entry.term();
    }
  }

  @SuppressWarnings("ReferenceEquality") // nearly always the very same entry
  private void see(LogEntry entry, long previousTerm) {
    int index = (int) entry.index();
    if (index >= facts.length) {
      facts = Arrays.copyOf(facts, Math.max(index + 1, facts.length * 2));
    }
    Fact first = facts[index];
    Fact known = find(first, entry.term());
    if (known == null) {
      facts[index] = new Fact(entry, previousTerm, first);
      checkTimestamp(entry, previousTerm);
      requests.appended(entry);
      return;
    }
    if (known.previousTerm != previousTerm
        || (known.entry != entry && !isSame(known.entry, entry))) {
      throw new Violation(
          Property.LOG_MATCHING,
          "at "
              + entry.position()
              + " is "
              + requests.describe(entry)
              + " after term "
              + previousTerm
              + ", and elsewhere "
              + requests.describe(known.entry)
              + " after term "
              + known.previousTerm);
    }
  }

  private void checkTimestamp(LogEntry entry, long previousTerm) {
    Fact before = find(facts[(int) entry.index() - 1], previousTerm);
    if (before != null && before.entry.timestampMillis() > entry.timestampMillis()) {
      throw new Violation(
          Property.LOG_MATCHING, "the timestamp of " + entry.position() + " goes back");
    }
  }

  private static @Nullable Fact find(@Nullable Fact first, long term) {
    Fact fact = first;
    while (fact != null && fact.entry.term() != term) {
      fact = fact.next;
    }
    return fact;
  }

  private static boolean isSame(LogEntry one, LogEntry other) {
    return one.kind() == other.kind()
        && one.timestampMillis() == other.timestampMillis()
        && one.payload().length() == other.payload().length()
        && one.payload().crc32c() == other.payload().crc32c();
  }
}
