package org.raftactors.codec;

import java.util.Arrays;
import java.util.zip.CRC32C;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;

/**
 * A {@link SnapshotMessage} as bytes: version, group, from, to, type, file, the message's fields,
 * CRC32C of all that, and the bytes of a chunk, whose checksum is one of the fields.
 */
final class SnapshotMessageFormat {

  static final int VERSION = 1;

  private static final String WHAT = "message about a snapshot";

  private static final int HEADER_BYTES = 1 + 8 + 8 + 8 + 1 + 8 + 4;
  private static final int SMALL = HEADER_BYTES + 256;

  private static final int OFFER = 1;
  private static final int PULL = 2;
  private static final int CHUNK = 3;
  private static final int ENDED = 4;

  private static final SnapshotMessage.Outcome[] OUTCOMES = {
    // By what stands on the wire: only ever added to at the end.
    SnapshotMessage.Outcome.DELIVERED,
    SnapshotMessage.Outcome.NOT_WANTED,
    SnapshotMessage.Outcome.BUSY,
    SnapshotMessage.Outcome.DAMAGED,
    SnapshotMessage.Outcome.FAILED
  };

  private SnapshotMessageFormat() {}

  static int sizeHint(SnapshotMessage message) {
    return message.body() instanceof SnapshotMessage.Chunk chunk
        ? HEADER_BYTES + 8 + 4 + 4 + chunk.data().length()
        : SMALL;
  }

  static void write(SnapshotMessage message, Output out, Refs refs) {
    out.putByte(VERSION);
    out.putLong(message.group());
    out.putLong(message.from().value());
    out.putLong(message.to().value());
    SnapshotMessage.Body body = message.body();
    if (body instanceof SnapshotMessage.Offer offer) {
      out.putByte(OFFER);
      out.putLong(offer.file());
      out.putLong(offer.term());
      Fields.putPosition(out, offer.position());
      out.putLong(offer.sizeBytes());
      out.putText(offer.hash());
      out.putText(refs.toText(offer.sender()));
      out.putHeaderChecksum();
    } else if (body instanceof SnapshotMessage.Pull pull) {
      out.putByte(PULL);
      out.putLong(pull.file());
      out.putLong(pull.offset());
      out.putLong(pull.bytes());
      out.putText(refs.toText(pull.receiver()));
      out.putHeaderChecksum();
    } else if (body instanceof SnapshotMessage.Chunk chunk) {
      Payload data = chunk.data();
      out.putByte(CHUNK);
      out.putLong(chunk.file());
      out.putLong(chunk.offset());
      out.putInt(data.length());
      out.putInt(data.crc32c());
      out.putHeaderChecksum();
      out.putRaw(data.bytes(), data.offset(), data.length());
    } else if (body instanceof SnapshotMessage.Ended ended) {
      out.putByte(ENDED);
      out.putLong(ended.file());
      out.putByte(Arrays.asList(OUTCOMES).indexOf(ended.outcome()));
      out.putHeaderChecksum();
    }
  }

  static SnapshotMessage read(byte[] bytes, Refs refs) {
    Input in = new Input(WHAT, bytes, VERSION);
    long group = in.getLong();
    ReplicaId from = Fields.getReplica(in);
    ReplicaId to = Fields.getReplica(in);
    int type = in.getByte();
    long file = in.getLong();
    return new SnapshotMessage(group, from, to, readBody(in, type, file, refs));
  }

  private static SnapshotMessage.Body readBody(Input in, int type, long file, Refs refs) {
    return switch (type) {
      case OFFER -> readOffer(in, file, refs);
      case PULL -> readPull(in, file, refs);
      case CHUNK -> readChunk(in, file);
      case ENDED -> readEnded(in, file);
      default -> throw in.malformed("unknown type of message " + type);
    };
  }

  private static SnapshotMessage.Offer readOffer(Input in, long file, Refs refs) {
    long term = in.getLongAtLeast(1, "term");
    LogPosition position = Fields.getPosition(in);
    long size = in.getLongAtLeast(1, "size");
    String hash = in.getText("hash");
    String sender = in.getText("sender");
    in.checkHeader();
    if (!hash.matches("[0-9a-f]{64}") || SnapshotMessage.Offer.fileOf(hash) != file) {
      throw in.malformed("'" + hash + "' is not the hash of file " + Long.toHexString(file));
    }
    return new SnapshotMessage.Offer(file, term, position, size, hash, refs.resolve(sender));
  }

  private static SnapshotMessage.Pull readPull(Input in, long file, Refs refs) {
    long offset = in.getLongAtLeast(0, "offset");
    long bytes = in.getLongAtLeast(0, "number of bytes");
    String receiver = in.getText("receiver");
    in.checkHeader();
    if (bytes > Long.MAX_VALUE - offset) {
      throw in.malformed(bytes + " bytes at " + offset);
    }
    return new SnapshotMessage.Pull(file, offset, bytes, refs.resolve(receiver));
  }

  private static SnapshotMessage.Chunk readChunk(Input in, long file) {
    long offset = in.getLongAtLeast(0, "offset");
    int length = in.getInt();
    int check = in.getInt();
    in.checkHeader();
    if (length < 0 || length > in.remaining()) {
      throw in.malformed("a chunk of " + length + " bytes does not fit");
    }
    int start = in.position();
    in.skip(length);
    CRC32C crc = new CRC32C();
    crc.update(in.array(), start, length);
    if ((int) crc.getValue() != check) {
      throw in.malformed("the checksum of the chunk at " + offset + " does not fit");
    }
    return new SnapshotMessage.Chunk(file, offset, new Payload(in.array(), start, length, check));
  }

  private static SnapshotMessage.Ended readEnded(Input in, long file) {
    int outcome = in.getByte();
    in.checkHeader();
    if (outcome < 0 || outcome >= OUTCOMES.length) {
      throw in.malformed("unknown outcome " + outcome);
    }
    return new SnapshotMessage.Ended(file, OUTCOMES[outcome]);
  }
}
