package org.raftactors.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import org.raftactors.Propose;
import org.raftactors.ProposeBatch;
import org.raftactors.Read;
import org.raftactors.ReadLevel;
import org.raftactors.core.log.Payload;

/**
 * {@link Propose} and {@link Read}: version, what kind of answer, the reference to answer to, the
 * level of a read, checksum and length of the payload, CRC32C of all that, and the payload. The
 * payload's own checksum is the one that its proposer computed and goes into the log. A {@link
 * ProposeBatch}: version, id, reference, number of payloads, checksum and length of each, CRC32C of
 * all that, and the payloads.
 */
final class RequestFormat {

  static final int VERSION = 1;

  private static final String PROPOSE = "proposal";
  private static final String PROPOSE_BATCH = "batch of proposals";
  private static final String READ = "read";
  private static final int LINEARIZABLE = 0;
  private static final int STALE = 1;
  private static final int HEADER_HINT = 160;
  private static final int PAYLOAD_HEADER = 4 + 4;

  private RequestFormat() {}

  static int sizeHint(Payload payload) {
    return HEADER_HINT + payload.length();
  }

  static void write(Propose propose, Output out, Refs refs) {
    out.putByte(VERSION);
    out.putByte(propose.resultEncoded() ? 1 : 0);
    out.putText(refs.toText(propose.replyTo()));
    putPayload(propose.command(), out);
  }

  static Propose readPropose(byte[] bytes, Refs refs) {
    Input in = new Input(PROPOSE, bytes, VERSION);
    boolean resultEncoded = in.getBoolean();
    String replyTo = in.getText("reference");
    Payload command = getPayload(in);
    return new Propose(command, resultEncoded, refs.resolve(replyTo));
  }

  static int sizeHint(ProposeBatch batch) {
    int size = HEADER_HINT;
    for (Payload command : batch.commands()) {
      size = Math.addExact(size, PAYLOAD_HEADER + command.length());
    }
    return size;
  }

  static void write(ProposeBatch batch, Output out, Refs refs) {
    out.putByte(VERSION);
    out.putLong(batch.id());
    out.putText(refs.toText(batch.replyTo()));
    out.putInt(batch.commands().size());
    for (Payload command : batch.commands()) {
      out.putInt(command.crc32c());
      out.putInt(command.length());
    }
    out.putHeaderChecksum();
    for (Payload command : batch.commands()) {
      out.putRaw(command.bytes(), command.offset(), command.length());
    }
  }

  /** The commands are slices of the input's array. */
  static ProposeBatch readProposeBatch(byte[] bytes, Refs refs) {
    Input in = new Input(PROPOSE_BATCH, bytes, VERSION);
    long id = in.getLong();
    String replyTo = in.getText("reference");
    int count = in.getCount("commands", PAYLOAD_HEADER);
    int headers = in.position();
    in.skip(count * PAYLOAD_HEADER);
    in.checkHeader();
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(headers);
    Payload[] commands = new Payload[count];
    for (int i = 0; i < count; i++) {
      int crc32c = header.getInt();
      commands[i] = payload(in, crc32c, header.getInt());
    }
    return new ProposeBatch(id, Arrays.asList(commands), refs.resolve(replyTo));
  }

  static void write(Read read, Output out, Refs refs) {
    out.putByte(VERSION);
    out.putByte(read.resultEncoded() ? 1 : 0);
    out.putText(refs.toText(read.replyTo()));
    if (read.level() instanceof ReadLevel.Stale stale) {
      out.putByte(STALE);
      out.putLong(nanos(stale.maxLag()));
    } else {
      out.putByte(LINEARIZABLE);
    }
    putPayload(read.query(), out);
  }

  static Read readRead(byte[] bytes, Refs refs) {
    Input in = new Input(READ, bytes, VERSION);
    boolean resultEncoded = in.getBoolean();
    String replyTo = in.getText("reference");
    ReadLevel level = getLevel(in);
    Payload query = getPayload(in);
    return new Read(query, level, resultEncoded, refs.resolve(replyTo));
  }

  private static ReadLevel getLevel(Input in) {
    int level = in.getByte();
    if (level == LINEARIZABLE) {
      return ReadLevel.LINEARIZABLE;
    } else if (level == STALE) {
      return ReadLevel.stale(Duration.ofNanos(in.getLongAtLeast(0, "lag")));
    }
    throw in.malformed("unknown read level " + level);
  }

  /** Whole nanoseconds; a time beyond 292 years, which nothing distinguishes, as 292 years. */
  static long nanos(Duration duration) {
    return duration.toSeconds() > Long.MAX_VALUE / 1_000_000_000L - 1
        ? Long.MAX_VALUE
        : duration.toNanos();
  }

  private static void putPayload(Payload payload, Output out) {
    out.putInt(payload.crc32c());
    out.putInt(payload.length());
    out.putHeaderChecksum();
    out.putRaw(payload.bytes(), payload.offset(), payload.length());
  }

  private static Payload getPayload(Input in) {
    int crc32c = in.getInt();
    int length = in.getInt();
    in.checkHeader();
    return payload(in, crc32c, length);
  }

  private static Payload payload(Input in, int crc32c, int length) {
    int offset = in.position();
    in.skip(length);
    Payload payload = new Payload(in.array(), offset, length, crc32c);
    if (!payload.isIntact()) {
      throw in.malformed("the checksum of its payload does not fit");
    }
    return payload;
  }
}
