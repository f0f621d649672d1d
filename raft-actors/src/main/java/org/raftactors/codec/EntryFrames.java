package org.raftactors.codec;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32C;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;

/**
 * Log entries in a row, the same bytes on the wire and in the journal. Each is a frame: payload
 * length (int), check (int), kind (byte), term (long), timestamp (long), payload. Indexes are
 * implied by the position. The check is the payload's CRC32C mixed with a hash of index, term,
 * timestamp, kind and length: a frame with a damaged header, or in the wrong place, does not pass.
 */
final class EntryFrames {

  /** What a frame takes besides its payload. */
  static final int HEADER_BYTES = 4 + 4 + 1 + 8 + 8;

  private static final EntryKind[] KINDS = kindsByCode();

  private EntryFrames() {}

  static int sizeOf(List<LogEntry> entries) {
    long size = 0;
    for (LogEntry entry : entries) {
      size += HEADER_BYTES + entry.payload().length();
    }
    return Math.toIntExact(size);
  }

  /** Writes the frames; their number is the caller's to write, in a header with a checksum. */
  static void write(List<LogEntry> entries, Output out) {
    for (LogEntry entry : entries) {
      Payload payload = entry.payload();
      out.putInt(payload.length());
      out.putInt(payload.crc32c() ^ headerHash(entry, payload.length()));
      out.putByte(entry.kind().code());
      out.putLong(entry.term());
      out.putLong(entry.timestampMillis());
      out.putRaw(payload.bytes(), payload.offset(), payload.length());
    }
  }

  /**
   * Reads frames. The payloads are slices of the input's array.
   *
   * @param in stands before the first frame
   * @param previous the position before the first entry
   * @param count how many there are, already held against what is left
   * @return the entries
   */
  static List<LogEntry> read(Input in, LogPosition previous, int count) {
    if (previous.index() > Long.MAX_VALUE - count) {
      throw in.malformed("entries behind index " + previous.index());
    }
    LogEntry[] entries = new LogEntry[count];
    long lastTerm = previous.term();
    for (int i = 0; i < count; i++) {
      entries[i] = readOne(in, previous.index() + 1 + i, lastTerm);
      lastTerm = entries[i].term();
    }
    return Collections.unmodifiableList(Arrays.asList(entries));
  }

  private static LogEntry readOne(Input in, long index, long previousTerm) {
    int length = in.getInt();
    int check = in.getInt();
    EntryKind kind = kind(in);
    long term = in.getLong();
    long timestamp = in.getLong();
    if (length < 0 || length > in.remaining()) {
      throw in.malformed("entry " + index + " of " + length + " bytes does not fit");
    }
    int offset = in.position();
    in.skip(length);
    Payload payload = new Payload(in.array(), offset, length, checksum(in, offset, length));
    LogEntry entry = new LogEntry(index, term, timestamp, kind, payload);
    if ((payload.crc32c() ^ headerHash(entry, length)) != check) {
      throw in.malformed("the check of entry " + index + " does not fit");
    }
    if (term < previousTerm) {
      throw in.malformed(
          "entry " + index + " has term " + term + " behind one of term " + previousTerm);
    }
    return entry;
  }

  private static int checksum(Input in, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(in.array(), offset, length);
    return (int) crc.getValue();
  }

  private static EntryKind kind(Input in) {
    int code = in.getByte() & 0xff;
    if (code >= KINDS.length) {
      throw in.malformed("unknown kind of entry " + code);
    }
    return KINDS[code];
  }

  private static int headerHash(LogEntry entry, int length) {
    long hash = mix(entry.index());
    hash = mix(hash ^ entry.term());
    hash = mix(hash ^ entry.timestampMillis());
    hash = mix(hash ^ ((long) entry.kind().code() << 32) ^ length);
    return (int) (hash ^ (hash >>> 32));
  }

  /** The finalizer of MurmurHash3: every bit in moves half of the bits out. */
  static long mix(long value) {
    long h = value + 0x9e3779b97f4a7c15L; // so that zero does not stay zero
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }

  private static EntryKind[] kindsByCode() {
    EntryKind[] kinds = new EntryKind[EntryKind.values().length];
    for (EntryKind kind : EntryKind.values()) {
      kinds[kind.code()] = kind; // codes are dense, see the enum
    }
    return kinds;
  }
}
