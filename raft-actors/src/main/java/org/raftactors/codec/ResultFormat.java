package org.raftactors.codec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.raftactors.BatchResults;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.Token;
import org.raftactors.UnknownReason;
import org.raftactors.core.membership.ReplicaId;

/**
 * The answers. With a result: version, token, serializer id and manifest of the result, its length
 * and CRC32C of all that, and the result as its own serializer wrote it. A rejection: version,
 * reason, leader, time to wait. An unknown outcome: version, reason. Those of a batch: version, id,
 * place of the first, how many, of each its kind and as above but the result as plain bytes, and
 * the CRC32C of all that. Reasons go by a code that this class gives them, so that the enums can be
 * reordered.
 */
final class ResultFormat {

  static final int VERSION = 1;

  private static final String COMMITTED = "committed result";
  private static final String ANSWERED = "read result";
  private static final String REJECTED = "rejection";
  private static final String UNKNOWN = "unknown outcome";
  private static final String BATCH = "results of a batch";
  private static final int HEADER_HINT = 96;

  private static final byte IS_COMMITTED = 1;
  private static final byte IS_REJECTED = 2;
  private static final byte IS_UNKNOWN = 3;
  private static final int MIN_RESULT = 1 + 1;
  private static final int MAX_RESULT_HEADER = 1 + 4 * 8 + 4;

  private ResultFormat() {}

  static int sizeHint(Nested result) {
    return HEADER_HINT + result.manifest().length() + result.bytes().length;
  }

  /** A result with the serializer that wrote it. */
  @SuppressWarnings("ArrayRecordComponent") // carries bytes from one method to the next
  record Nested(int serializerId, String manifest, byte[] bytes) {}

  /** Turns nested results back into objects. */
  interface NestedReader {
    @Nullable Object read(Nested nested);
  }

  static void write(Token token, Nested result, Output out) {
    out.putByte(VERSION);
    putToken(token, out);
    out.putInt(result.serializerId());
    out.putText(result.manifest());
    out.putInt(result.bytes().length);
    out.putHeaderChecksum();
    out.putRaw(result.bytes(), 0, result.bytes().length);
  }

  static ProposalResult<?> readCommitted(byte[] bytes, NestedReader nested) {
    Input in = new Input(COMMITTED, bytes, VERSION);
    Token token = getToken(in);
    return new ProposalResult.Committed<>(readNested(in, nested), token);
  }

  static ReadResult<?> readAnswered(byte[] bytes, NestedReader nested) {
    Input in = new Input(ANSWERED, bytes, VERSION);
    Token token = getToken(in);
    return new ReadResult.Answered<>(readNested(in, nested), token);
  }

  static int sizeHint(BatchResults batch) {
    int size = HEADER_HINT;
    for (ProposalResult<byte[]> result : batch.results()) {
      size = Math.addExact(size, MAX_RESULT_HEADER);
      if (result instanceof ProposalResult.Committed<byte[]> committed) {
        size = Math.addExact(size, committed.result().length);
      }
    }
    return size;
  }

  static void write(BatchResults batch, Output out) {
    out.putByte(VERSION);
    out.putLong(batch.batch());
    out.putInt(batch.first());
    out.putInt(batch.results().size());
    for (ProposalResult<byte[]> result : batch.results()) {
      if (result instanceof ProposalResult.Committed<byte[]> committed) {
        out.putByte(IS_COMMITTED);
        putToken(committed.token(), out);
        out.putBytes(committed.result());
      } else if (result instanceof ProposalResult.Rejected<byte[]> no) {
        out.putByte(IS_REJECTED);
        putRejection(no.reason(), no.leader(), no.retryAfter(), out);
      } else {
        out.putByte(IS_UNKNOWN);
        out.putByte(codeOf(((ProposalResult.Unknown<byte[]>) result).reason()));
      }
    }
    out.putHeaderChecksum();
  }

  static BatchResults readBatch(byte[] bytes) {
    Input in = new Input(BATCH, bytes, VERSION);
    long batch = in.getLong();
    int first = in.getInt();
    int count = in.getCount("results", MIN_RESULT);
    List<ProposalResult<byte[]>> results = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      results.add(getResult(in));
    }
    in.checkHeader();
    return new BatchResults(batch, first, results);
  }

  private static ProposalResult<byte[]> getResult(Input in) {
    byte kind = in.getByte();
    return switch (kind) {
      case IS_COMMITTED -> {
        Token token = getToken(in);
        yield new ProposalResult.Committed<>(in.getBytes("result"), token);
      }
      case IS_REJECTED -> {
        Rejection read = getRejection(in);
        yield new ProposalResult.Rejected<>(read.reason(), read.leader(), read.retryAfter());
      }
      case IS_UNKNOWN -> new ProposalResult.Unknown<>(unknownReason(in));
      default -> throw in.malformed("unknown kind of result " + kind);
    };
  }

  private static void putToken(Token token, Output out) {
    out.putLong(token.partition().value());
    out.putLong(token.generation());
    out.putLong(token.term());
    out.putLong(token.index());
  }

  private static Token getToken(Input in) {
    return new Token(
        new PartitionId(in.getLongAtLeast(0, "partition")),
        in.getLongAtLeast(0, "generation"),
        in.getLongAtLeast(0, "term"),
        in.getLongAtLeast(0, "index"));
  }

  // A state machine may return null; then the result of its users is nullable, and so is this.
  @SuppressWarnings("NullAway")
  private static Object readNested(Input in, NestedReader nested) {
    int serializerId = in.getInt();
    String manifest = in.getText("manifest");
    int length = in.getInt();
    in.checkHeader();
    if (length < 0 || length > in.remaining()) {
      throw in.malformed("a result of " + length + " bytes does not fit");
    }
    byte[] result = new byte[length];
    System.arraycopy(in.array(), in.position(), result, 0, length);
    return nested.read(new Nested(serializerId, manifest, result));
  }

  static void writeRejected(
      RejectReason reason, Optional<ReplicaId> leader, Duration retryAfter, Output out) {
    out.putByte(VERSION);
    putRejection(reason, leader, retryAfter, out);
    out.putHeaderChecksum();
  }

  private static void putRejection(
      RejectReason reason, Optional<ReplicaId> leader, Duration retryAfter, Output out) {
    out.putByte(codeOf(reason));
    Fields.putOptionalReplica(out, leader.orElse(null));
    out.putLong(RequestFormat.nanos(retryAfter));
  }

  static ProposalResult<?> readProposalRejected(byte[] bytes) {
    Rejection read = readRejection(bytes);
    return new ProposalResult.Rejected<>(read.reason(), read.leader(), read.retryAfter());
  }

  static ReadResult<?> readReadRejected(byte[] bytes) {
    Rejection read = readRejection(bytes);
    return new ReadResult.Rejected<>(read.reason(), read.leader(), read.retryAfter());
  }

  private record Rejection(RejectReason reason, Optional<ReplicaId> leader, Duration retryAfter) {}

  private static Rejection readRejection(byte[] bytes) {
    Input in = new Input(REJECTED, bytes, VERSION);
    Rejection rejection = getRejection(in);
    in.checkHeader();
    return rejection;
  }

  private static Rejection getRejection(Input in) {
    RejectReason reason = rejectReason(in);
    Optional<ReplicaId> leader = Optional.ofNullable(Fields.getOptionalReplica(in));
    Duration retryAfter = Duration.ofNanos(in.getLongAtLeast(0, "time to wait"));
    return new Rejection(reason, leader, retryAfter);
  }

  static void writeUnknown(UnknownReason reason, Output out) {
    out.putByte(VERSION);
    out.putByte(codeOf(reason));
    out.putHeaderChecksum();
  }

  static ProposalResult<?> readUnknown(byte[] bytes) {
    Input in = new Input(UNKNOWN, bytes, VERSION);
    UnknownReason reason = unknownReason(in);
    in.checkHeader();
    return new ProposalResult.Unknown<>(reason);
  }

  private static int codeOf(RejectReason reason) {
    return switch (reason) {
      case NOT_LEADER -> 1;
      case OVERLOADED -> 2;
      case RESTORING -> 3;
      case TOO_LARGE -> 4;
      case UNAVAILABLE -> 5;
      case NO_SPACE -> 6;
    };
  }

  private static RejectReason rejectReason(Input in) {
    int code = in.getByte();
    for (RejectReason reason : RejectReason.values()) {
      if (codeOf(reason) == code) {
        return reason;
      }
    }
    throw in.malformed("unknown reason " + code);
  }

  private static int codeOf(UnknownReason reason) {
    return switch (reason) {
      case LEADERSHIP_LOST -> 1;
      case SUPERSEDED -> 2;
      case STOPPED -> 3;
      case TIMED_OUT -> 4;
      case RESULT_LOST -> 5;
    };
  }

  private static UnknownReason unknownReason(Input in) {
    int code = in.getByte();
    for (UnknownReason reason : UnknownReason.values()) {
      if (codeOf(reason) == code) {
        return reason;
      }
    }
    throw in.malformed("unknown reason " + code);
  }
}
