package org.raftactors.testkit.actors;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
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
      long index, long term, long timestampMillis, byte[] command, byte[] result, String by) {}

  private static final int SHOWN_BYTES = 48;

  private final TreeMap<Long, Entry> entries = new TreeMap<>();
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

  /**
   * A replica is about to apply a command.
   *
   * @param who the replica
   * @param last the index of the command that this incarnation applied before, 0 if none
   * @param context of the command
   * @param command as the replica decoded it
   */
  void applying(String who, long last, ApplyContext context, byte[] command) {
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

  /** A replica has applied a command. */
  void applied(String who, ApplyContext context, byte[] command, byte[] result) {
    Entry entry =
        new Entry(
            context.index(),
            context.term(),
            context.timestamp().toEpochMilli(),
            command,
            result,
            who);
    Entry known = entries.putIfAbsent(entry.index(), entry);
    if (known == null) {
      firsts.accept(entry.index());
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
