package org.raftactors.codec;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.apache.pekko.serialization.Serializers;
import org.jspecify.annotations.Nullable;
import org.raftactors.BatchResults;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.ProposeBatch;
import org.raftactors.Read;
import org.raftactors.ReadResult;
import org.raftactors.Token;
import org.raftactors.core.write.DurableState;
import org.raftactors.core.write.Written;

/**
 * Gives Pekko the binary formats of this package: what replicas and clients say to each other while
 * they work, and what stands in the journal. Its identifier and bindings are in {@code
 * reference.conf}. Decoding throws {@link DecodeException} and nothing else.
 */
public final class RaftSerializer extends SerializerWithStringManifest
    implements ByteBufferSerializer {

  /** Where {@code reference.conf} documents the identifier. */
  static final String IDENTIFIER_PATH =
      "pekko.actor.serialization-identifiers.\"org.raftactors.codec.RaftSerializer\"";

  private static final String PEER_MESSAGE = "m";
  private static final String WRITTEN = "w";
  private static final String DURABLE_STATE = "s";
  private static final String PROPOSE = "p";
  private static final String PROPOSE_BATCH = "b";
  private static final String BATCH_RESULTS = "d";
  private static final String READ = "r";
  private static final String COMMITTED = "c";
  private static final String PROPOSAL_REJECTED = "j";
  private static final String PROPOSAL_UNKNOWN = "u";
  private static final String ANSWERED = "a";
  private static final String READ_REJECTED = "k";
  private static final String SNAPSHOT_MESSAGE = "t";

  private static final int SMALL = 64;

  private final ExtendedActorSystem system;
  private final int identifier;
  private final Refs refs;
  private final Map<String, Function<byte[], Object>> decoders;

  /**
   * Called by Pekko.
   *
   * @param system whose serialization this is part of
   */
  public RaftSerializer(ExtendedActorSystem system) {
    this.system = system;
    this.refs = new SystemRefs(system);
    this.decoders = decoders();
    this.identifier = system.settings().config().getInt(IDENTIFIER_PATH);
  }

  private Map<String, Function<byte[], Object>> decoders() {
    return Map.ofEntries(
        Map.entry(PEER_MESSAGE, bytes -> PeerMessageFormat.read(bytes, refs)),
        Map.entry(SNAPSHOT_MESSAGE, bytes -> SnapshotMessageFormat.read(bytes, refs)),
        Map.entry(WRITTEN, JournalFormat::readEvent),
        Map.entry(DURABLE_STATE, JournalFormat::readState),
        Map.entry(PROPOSE, bytes -> RequestFormat.readPropose(bytes, refs)),
        Map.entry(PROPOSE_BATCH, bytes -> RequestFormat.readProposeBatch(bytes, refs)),
        Map.entry(BATCH_RESULTS, ResultFormat::readBatch),
        Map.entry(READ, bytes -> RequestFormat.readRead(bytes, refs)),
        Map.entry(COMMITTED, bytes -> ResultFormat.readCommitted(bytes, this::fromNested)),
        Map.entry(PROPOSAL_REJECTED, ResultFormat::readProposalRejected),
        Map.entry(PROPOSAL_UNKNOWN, ResultFormat::readUnknown),
        Map.entry(ANSWERED, bytes -> ResultFormat.readAnswered(bytes, this::fromNested)),
        Map.entry(READ_REJECTED, ResultFormat::readReadRejected));
  }

  @Override
  public int identifier() {
    return identifier;
  }

  @Override
  public String manifest(Object message) {
    if (message instanceof PeerMessage) {
      return PEER_MESSAGE;
    } else if (message instanceof Written) {
      return WRITTEN;
    } else if (message instanceof Propose) {
      return PROPOSE;
    } else if (message instanceof ProposeBatch) {
      return PROPOSE_BATCH;
    } else if (message instanceof BatchResults) {
      return BATCH_RESULTS;
    } else if (message instanceof ProposalResult.Committed) {
      return COMMITTED;
    } else if (message instanceof Read) {
      return READ;
    } else if (message instanceof ReadResult.Answered) {
      return ANSWERED;
    } else if (message instanceof ProposalResult.Rejected) {
      return PROPOSAL_REJECTED;
    } else if (message instanceof ProposalResult.Unknown) {
      return PROPOSAL_UNKNOWN;
    } else if (message instanceof ReadResult.Rejected) {
      return READ_REJECTED;
    } else if (message instanceof DurableState) {
      return DURABLE_STATE;
    } else if (message instanceof SnapshotMessage) {
      return SNAPSHOT_MESSAGE;
    }
    throw unsupported(message);
  }

  @Override
  public byte[] toBinary(Object message) {
    Output out = write(message, null);
    return out.toArray();
  }

  @Override
  public void toBinary(Object message, ByteBuffer buffer) {
    Output out = write(message, buffer);
    buffer.position(out.position());
  }

  /** Writes into the given buffer, or into a fresh array of about the right size. */
  private static Output output(@Nullable ByteBuffer buffer, int sizeHint) {
    return buffer == null ? Output.ofSize(sizeHint) : Output.into(buffer);
  }

  private Output write(Object message, @Nullable ByteBuffer buffer) {
    Output out;
    if (message instanceof PeerMessage peerMessage) {
      out = output(buffer, buffer == null ? PeerMessageFormat.sizeHint(peerMessage) : 0);
      PeerMessageFormat.write(peerMessage, out, refs);
    } else if (message instanceof Written event) {
      out = output(buffer, buffer == null ? JournalFormat.sizeHint(event) : 0);
      JournalFormat.write(event, out);
    } else if (message instanceof Propose propose) {
      out = output(buffer, RequestFormat.sizeHint(propose.command()));
      RequestFormat.write(propose, out, refs);
    } else if (message instanceof ProposeBatch batch) {
      out = output(buffer, buffer == null ? RequestFormat.sizeHint(batch) : 0);
      RequestFormat.write(batch, out, refs);
    } else if (message instanceof BatchResults results) {
      out = output(buffer, buffer == null ? ResultFormat.sizeHint(results) : 0);
      ResultFormat.write(results, out);
    } else if (message instanceof ProposalResult.Committed<?> committed) {
      out = writeWithResult(committed.token(), committed.result(), buffer);
    } else if (message instanceof Read read) {
      out = output(buffer, RequestFormat.sizeHint(read.query()));
      RequestFormat.write(read, out, refs);
    } else if (message instanceof ReadResult.Answered<?> answered) {
      out = writeWithResult(answered.token(), answered.result(), buffer);
    } else if (message instanceof ProposalResult.Rejected<?> no) {
      out = output(buffer, SMALL);
      ResultFormat.writeRejected(no.reason(), no.leader(), no.retryAfter(), out);
    } else if (message instanceof ProposalResult.Unknown<?> unknown) {
      out = output(buffer, SMALL);
      ResultFormat.writeUnknown(unknown.reason(), out);
    } else if (message instanceof ReadResult.Rejected<?> no) {
      out = output(buffer, SMALL);
      ResultFormat.writeRejected(no.reason(), no.leader(), no.retryAfter(), out);
    } else if (message instanceof DurableState state) {
      out = output(buffer, SMALL);
      JournalFormat.write(state, out);
    } else if (message instanceof SnapshotMessage snapshotMessage) {
      out = output(buffer, buffer == null ? SnapshotMessageFormat.sizeHint(snapshotMessage) : 0);
      SnapshotMessageFormat.write(snapshotMessage, out, refs);
    } else {
      throw unsupported(message);
    }
    return out;
  }

  private Output writeWithResult(Token token, Object result, @Nullable ByteBuffer buffer) {
    ResultFormat.Nested nested = toNested(result);
    Output out = output(buffer, ResultFormat.sizeHint(nested));
    ResultFormat.write(token, nested, out);
    return out;
  }

  @Override
  public Object fromBinary(ByteBuffer buffer, String manifest) {
    // The transport reuses its buffer, and payloads become slices of this one copy.
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return fromBinary(bytes, manifest);
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    Function<byte[], Object> decoder = decoders.get(manifest);
    if (decoder == null) {
      throw new DecodeException(
          "unknown manifest '" + manifest + "', this release knows " + decoders.keySet());
    }
    try {
      return decoder.apply(bytes);
    } catch (DecodeException e) {
      throw e;
    } catch (Exception e) {
      // What the formats do not check themselves, the constructors of the records do; and a
      // nested result has a serializer of its own, whose checked exceptions Scala lets through.
      throw new DecodeException("message '" + manifest + "' is malformed: " + e.getMessage(), e);
    }
  }

  private ResultFormat.Nested toNested(@Nullable Object result) {
    Serializer serializer = SerializationExtension.get(system).findSerializerFor(result);
    return new ResultFormat.Nested(
        serializer.identifier(),
        Serializers.manifestFor(serializer, result),
        serializer.toBinary(result));
  }

  private @Nullable Object fromNested(ResultFormat.Nested nested) {
    Serialization serialization = SerializationExtension.get(system);
    return serialization
        .deserialize(nested.bytes(), nested.serializerId(), nested.manifest())
        .get();
  }

  private static IllegalArgumentException unsupported(Object message) {
    return new IllegalArgumentException(
        RaftSerializer.class.getSimpleName() + " does not write " + message.getClass().getName());
  }
}
