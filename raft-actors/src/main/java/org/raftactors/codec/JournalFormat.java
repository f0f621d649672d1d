package org.raftactors.codec;

import java.util.List;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.SnapshotBase;
import org.raftactors.core.log.TermRanges;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.HardState;
import org.raftactors.core.write.SequenceIndex;
import org.raftactors.core.write.Written;

/**
 * What stands on disk. The event {@link Written}: version, hard state, base, previous position,
 * commit hint, number of entries, CRC32C of all that, and the entries as {@link EntryFrames}. The
 * state {@link DurableState}: version, hard state, base, term ranges, sequence index with byte
 * counts, commit hint, last timestamp, written bytes, CRC32C of all that.
 */
final class JournalFormat {

  static final int VERSION = 1;
  static final int STATE_VERSION = 2;

  private static final String EVENT = "journal event";
  private static final String STATE = "snapshot of the durable state";

  private JournalFormat() {}

  static int sizeHint(Written event) {
    return 1
        + 16
        + Fields.sizeOfBase(event.base())
        + 16
        + 8
        + 4
        + 4
        + EntryFrames.sizeOf(event.entries());
  }

  static void write(Written event, Output out) {
    out.putByte(VERSION);
    Fields.putHardState(out, event.hardState());
    Fields.putBase(out, event.base());
    Fields.putPosition(out, event.previous());
    out.putLong(event.commitHint());
    out.putInt(event.entries().size());
    out.putHeaderChecksum();
    EntryFrames.write(event.entries(), out);
  }

  static Written readEvent(byte[] bytes) {
    Input in = new Input(EVENT, bytes, VERSION);
    HardState hardState = Fields.getHardState(in);
    SnapshotBase base = Fields.getBase(in);
    LogPosition previous = Fields.getPosition(in);
    long commitHint = in.getLongAtLeast(0, "commit hint");
    int count = in.getInt();
    in.checkHeader();
    Fields.checkEntryCount(in, count);
    List<LogEntry> entries = EntryFrames.read(in, previous, count);
    return new Written(hardState, base, previous, entries, commitHint);
  }

  static void write(DurableState state, Output out) {
    out.putByte(STATE_VERSION);
    Fields.putHardState(out, state.hardState());
    Fields.putBase(out, state.base());
    out.putLongs(state.terms().firstIndexes());
    out.putLongs(state.terms().terms());
    out.putLong(state.terms().lastIndex());
    out.putLongs(state.sequence().indexes());
    out.putLongs(state.sequence().sequenceNumbers());
    out.putLongs(state.sequence().bytesBefore());
    out.putLong(state.commitHint());
    out.putLong(state.lastTimestampMillis());
    out.putLong(state.writtenBytes());
    out.putHeaderChecksum();
  }

  static DurableState readState(byte[] bytes) {
    Input in = new Input(STATE, bytes, STATE_VERSION);
    HardState hardState = Fields.getHardState(in);
    SnapshotBase base = Fields.getBase(in);
    long[] firstIndexes = in.getLongs("term ranges");
    long[] terms = in.getLongs("terms");
    long lastIndex = in.getLongAtLeast(0, "last index");
    long[] indexes = in.getLongs("indexes");
    long[] sequenceNumbers = in.getLongs("sequence numbers");
    long[] bytesBefore = in.getLongs("byte counts");
    long commitHint = in.getLongAtLeast(0, "commit hint");
    long lastTimestamp = in.getLong();
    long writtenBytes = in.getLongAtLeast(0, "written bytes");
    in.checkHeader();
    return new DurableState(
        hardState,
        base,
        TermRanges.of(firstIndexes, terms, lastIndex),
        SequenceIndex.of(indexes, sequenceNumbers, bytesBefore),
        commitHint,
        lastTimestamp,
        writtenBytes);
  }
}
