package org.raftactors.testkit.actors;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.raftactors.ApplyContext;

/**
 * What the replicas have applied, each entry as the first of them did. Every later replica, and
 * every later incarnation, must have applied the same.
 */
final class AppliedLog {

  /**
   * A command, where it stands, and what came out of it; as bytes, which is what leaves a replica.
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by hand
  record Entry(
      long index,
      long term,
      long timestampMillis,
      byte[] command,
      byte[] result,
      Progress progress,
      String by) {}

  /** A state was restored as that of an index, and the last command in it has a lower one. */
  private record Gap(String who, long from, long to) {
    private String text(long index) {
      return "%s restored a state that ends at index %d as that of index %d: it lacks index %d"
          .formatted(who, from, to, index);
    }
  }

  private static final int SHOWN_BYTES = 48;

  private final TreeMap<Long, Entry> entries = new TreeMap<>();
  private final List<Gap> gaps = new ArrayList<>();
  private final Findings findings;
  private final boolean compareResults;
  private final LongConsumer firsts;

  /**
   * An empty one.
   *
   * @param firsts told of each index when the first replica has applied it
   */
  AppliedLog(Findings findings, boolean compareResults, LongConsumer firsts) {
    this.findings = findings;
    this.firsts = firsts;
    this.compareResults = compareResults;
  }

  Collection<Entry> entries() {
    return entries.values();
  }

  @Nullable Entry at(long index) {
    return entries.get(index);
  }

  /** Those up to an index. */
  Collection<Entry> upToIndex(long index) {
    return entries.headMap(index, true).values();
  }

  /** What a replica has applied whose state is that of an index. */
  Progress upTo(long index) {
    Map.Entry<Long, Entry> last = entries.floorEntry(index);
    return last == null ? Progress.NONE : last.getValue().progress();
  }

  /**
   * A replica has taken over a state.
   *
   * @param who the replica
   * @param inside what the state includes, as it says itself
   * @param label up to where the replica takes it to go
   */
  void restored(String who, Progress inside, long label) {
    if (label < inside.index()) {
      findings.violated(
          Checks.APPLIED_ONCE_IN_ORDER,
          "%s restored a state that ends at index %d as that of index %d: it will apply index %d again"
              .formatted(who, inside.index(), label, inside.index()));
    }
    Gap gap = new Gap(who, inside.index(), label);
    Long lacking = entries.higherKey(inside.index());
    if (lacking != null && lacking <= label) {
      findings.violated(Checks.APPLIED_ONCE_IN_ORDER, gap.text(lacking));
    } else if (label > inside.index()) {
      gaps.add(gap); // somebody may yet apply a command there
    }
    Progress known = upTo(inside.index());
    if (known.digest() != inside.digest()) {
      findings.violated(
          Checks.SAME_LOG,
          "%s restored a state of %s, where the others have %s".formatted(who, inside, known));
    }
  }

  /**
   * A replica is about to apply a command.
   *
   * @param who the replica
   * @param progress what is in its state already
   * @param context of the command
   * @param command as the replica decoded it
   */
  void applying(String who, Progress progress, ApplyContext context, byte[] command) {
    long last = progress.index();
    long index = context.index();
    if (index <= last) {
      findings.violated(
          Checks.APPLIED_ONCE_IN_ORDER, who + " applies index " + index + " after " + last);
    }
    Long skipped = entries.higherKey(last);
    if (skipped != null && skipped < index) {
      findings.violated(
          Checks.APPLIED_ONCE_IN_ORDER,
          who + " applies index " + index + " after " + last + ", without " + skipped);
    }
    for (Gap gap : gaps) {
      if (index > gap.from() && index <= gap.to()) {
        findings.violated(Checks.APPLIED_ONCE_IN_ORDER, gap.text(index));
      }
    }
    Entry known = entries.get(index);
    if (known == null && !entries.isEmpty() && entries.lastKey() > index) {
      findings.violated(
          Checks.SAME_LOG,
          who + " applies a command at index " + index + ", where the others have none");
    }
    if (known != null
        && (known.term() != context.term()
            || known.timestampMillis() != context.timestamp().toEpochMilli()
            || !Arrays.equals(known.command(), command))) {
      findings.violated(
          Checks.SAME_LOG,
          "%s applies %s of term %d at index %d, where %s applied %s of term %d"
              .formatted(
                  who,
                  text(command),
                  context.term(),
                  index,
                  known.by(),
                  text(known.command()),
                  known.term()));
    }
  }

  /** A replica has applied a command; its progress includes that. */
  void applied(String who, Progress progress, ApplyContext context, byte[] command, byte[] result) {
    Entry entry =
        new Entry(
            context.index(),
            context.term(),
            context.timestamp().toEpochMilli(),
            command,
            result,
            progress,
            who);
    Entry known = entries.putIfAbsent(entry.index(), entry);
    if (known == null) {
      firsts.accept(entry.index());
    } else if (!known.progress().equals(progress)) {
      findings.violated(
          Checks.SAME_LOG,
          "%s has applied %s, where %s had %s"
              .formatted(who, progress, known.by(), known.progress()));
    } else if (compareResults && !Arrays.equals(known.result(), result)) {
      findings.violated(
          Checks.DETERMINISTIC_APPLY,
          "the command %s at index %d has the result %s at %s, and %s at %s"
              .formatted(
                  text(command),
                  entry.index(),
                  text(known.result()),
                  known.by(),
                  text(result),
                  who));
    }
  }

  /** Bytes for readers: as text where they are. */
  static String text(byte[] bytes) {
    boolean printable = true;
    for (byte b : bytes) {
      printable &= b >= ' ' && b < 127;
    }
    int shown = Math.min(bytes.length, SHOWN_BYTES);
    String text =
        printable
            ? "'" + new String(bytes, 0, shown, StandardCharsets.US_ASCII) + "'"
            : HexFormat.of().formatHex(bytes, 0, shown);
    return shown < bytes.length ? text + "... (" + bytes.length + " bytes)" : text;
  }
}
