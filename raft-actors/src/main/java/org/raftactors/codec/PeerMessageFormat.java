package org.raftactors.codec;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;
import org.raftactors.RaftPartition;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.AppendAccepted;
import org.raftactors.core.message.AppendRejected;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.core.message.Heartbeat;
import org.raftactors.core.message.HeartbeatAck;
import org.raftactors.core.message.PreVoteRequest;
import org.raftactors.core.message.PreVoteResponse;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.message.ReadIndexRequest;
import org.raftactors.core.message.ReadIndexResponse;
import org.raftactors.core.message.SnapshotRequest;
import org.raftactors.core.message.StateDigest;
import org.raftactors.core.message.TimeoutNow;
import org.raftactors.core.message.VoteRequest;
import org.raftactors.core.message.VoteResponse;
import org.raftactors.link.LinkAddress;

/**
 * A {@link PeerMessage} as bytes: version, group, from, to, type, term, the sender's reference (a
 * text, empty for none) and its link (host, empty for none, and then port and token), the message's
 * fields, CRC32C of all that, and the entries of an append.
 */
final class PeerMessageFormat {

  static final int VERSION = 2;

  private static final String WHAT = "message between replicas";

  private static final int HEADER_BYTES = 1 + 8 + 8 + 8 + 1 + 8 + 4 + 4 + 4;
  private static final int MAX_FIELD_BYTES = 4 * 8;

  private static final int APPEND_REQUEST = 1;
  private static final int APPEND_ACCEPTED = 2;
  private static final int APPEND_REJECTED = 3;
  private static final int HEARTBEAT = 4;
  private static final int HEARTBEAT_ACK = 5;
  private static final int READ_INDEX_REQUEST = 6;
  private static final int READ_INDEX_RESPONSE = 7;
  private static final int PRE_VOTE_REQUEST = 8;
  private static final int PRE_VOTE_RESPONSE = 9;
  private static final int VOTE_REQUEST = 10;
  private static final int VOTE_RESPONSE = 11;
  private static final int TIMEOUT_NOW = 12;
  private static final int SNAPSHOT_REQUEST = 13;
  private static final int STATE_DIGEST = 14;

  private PeerMessageFormat() {}

  static int sizeHint(PeerMessage message) {
    int size = HEADER_BYTES;
    if (message.direct() != null) {
      size += 192;
    }
    return message.message() instanceof AppendRequest append
        ? size + 8 + 8 + 8 + 4 + EntryFrames.sizeOf(append.entries())
        : size + MAX_FIELD_BYTES;
  }

  static void write(PeerMessage envelope, Output out, Refs refs) {
    RaftMessage message = envelope.message();
    out.putByte(VERSION);
    out.putLong(envelope.group());
    out.putLong(envelope.from().value());
    out.putLong(envelope.to().value());
    out.putByte(typeOf(message));
    out.putLong(message.term());
    ActorRef<RaftPartition.Command> direct = envelope.direct();
    out.putText(direct == null ? "" : refs.toText(direct));
    putLink(out, envelope.link());
    if (message instanceof AppendRequest append) {
      putPosition(out, append.previous());
      out.putLong(append.leaderCommit());
      out.putInt(append.entries().size());
      out.putHeaderChecksum();
      EntryFrames.write(append.entries(), out);
    } else {
      writeFields(message, out);
      out.putHeaderChecksum();
    }
  }

  private static void putLink(Output out, @Nullable LinkAddress link) {
    out.putText(link == null ? "" : link.host());
    if (link != null) {
      out.putInt(link.port());
      out.putLong(link.tokenHigh());
      out.putLong(link.tokenLow());
    }
  }

  private static @Nullable LinkAddress getLink(Input in) {
    String host = in.getText("host of a link");
    if (host.isEmpty()) {
      return null;
    }
    int port = in.getInt();
    if (!LinkAddress.isPort(port)) {
      throw in.malformed("port " + port + " of a link");
    }
    return new LinkAddress(host, port, in.getLong(), in.getLong());
  }

  private static void writeFields(RaftMessage message, Output out) {
    if (message instanceof AppendAccepted accepted) {
      out.putLong(accepted.matchIndex());
    } else if (message instanceof AppendRejected rejected) {
      out.putLong(rejected.previousIndex());
      putPosition(out, rejected.hint());
      out.putLong(rejected.lastIndex());
    } else if (message instanceof Heartbeat heartbeat) {
      out.putLong(heartbeat.leaderCommit());
      out.putLong(heartbeat.round());
    } else if (message instanceof HeartbeatAck ack) {
      out.putLong(ack.round());
    } else if (message instanceof ReadIndexRequest request) {
      out.putLong(request.readId());
    } else if (message instanceof ReadIndexResponse response) {
      out.putLong(response.readId());
      out.putLong(response.readIndex());
    } else if (message instanceof PreVoteRequest request) {
      putPosition(out, request.last());
    } else if (message instanceof PreVoteResponse response) {
      out.putByte(response.granted() ? 1 : 0);
    } else if (message instanceof VoteRequest request) {
      putPosition(out, request.last());
      out.putByte(request.leadershipTransfer() ? 1 : 0);
    } else if (message instanceof VoteResponse response) {
      out.putByte(response.granted() ? 1 : 0);
    } else if (message instanceof SnapshotRequest request) {
      out.putLong(request.atLeastIndex());
    } else if (message instanceof StateDigest digest) {
      out.putLong(digest.index());
      out.putLong(digest.digest());
    }
  }

  private static int typeOf(RaftMessage message) {
    if (message instanceof AppendRequest) {
      return APPEND_REQUEST;
    } else if (message instanceof AppendAccepted) {
      return APPEND_ACCEPTED;
    } else if (message instanceof AppendRejected) {
      return APPEND_REJECTED;
    } else if (message instanceof Heartbeat) {
      return HEARTBEAT;
    } else if (message instanceof HeartbeatAck) {
      return HEARTBEAT_ACK;
    } else if (message instanceof ReadIndexRequest) {
      return READ_INDEX_REQUEST;
    } else if (message instanceof ReadIndexResponse) {
      return READ_INDEX_RESPONSE;
    } else if (message instanceof PreVoteRequest) {
      return PRE_VOTE_REQUEST;
    } else if (message instanceof PreVoteResponse) {
      return PRE_VOTE_RESPONSE;
    } else if (message instanceof VoteRequest) {
      return VOTE_REQUEST;
    } else if (message instanceof VoteResponse) {
      return VOTE_RESPONSE;
    } else if (message instanceof TimeoutNow) {
      return TIMEOUT_NOW;
    } else if (message instanceof SnapshotRequest) {
      return SNAPSHOT_REQUEST;
    } else if (message instanceof StateDigest) {
      return STATE_DIGEST;
    }
    throw new IllegalArgumentException("no format for " + message.getClass().getName());
  }

  static PeerMessage read(byte[] bytes, Refs refs) {
    Input in = new Input(WHAT, bytes, VERSION);
    long group = in.getLong();
    ReplicaId from = Fields.getReplica(in);
    ReplicaId to = Fields.getReplica(in);
    int type = in.getByte();
    long term = in.getLongAtLeast(0, "term");
    String direct = in.getText("reference");
    LinkAddress link = getLink(in);
    RaftMessage message = type == APPEND_REQUEST ? readAppend(in, term) : readOther(in, type, term);
    return new PeerMessage(group, from, to, resolve(direct, refs), link, message);
  }

  private static @Nullable ActorRef<RaftPartition.Command> resolve(String text, Refs refs) {
    return text.isEmpty() ? null : refs.<RaftPartition.Command>resolve(text);
  }

  private static AppendRequest readAppend(Input in, long term) {
    LogPosition previous = getPosition(in);
    long leaderCommit = in.getLongAtLeast(0, "leader's commit index");
    int count = in.getInt();
    in.checkHeader();
    Fields.checkEntryCount(in, count);
    List<LogEntry> entries = EntryFrames.read(in, previous, count);
    return new AppendRequest(term, previous, entries, leaderCommit);
  }

  private static RaftMessage readOther(Input in, int type, long term) {
    RaftMessage message = readFields(in, type, term);
    in.checkHeader();
    return message;
  }

  private static RaftMessage readFields(Input in, int type, long term) {
    return switch (type) {
      case APPEND_ACCEPTED -> new AppendAccepted(term, getIndex(in));
      case APPEND_REJECTED -> new AppendRejected(term, getIndex(in), getPosition(in), getIndex(in));
      case HEARTBEAT -> new Heartbeat(term, getIndex(in), in.getLong());
      case HEARTBEAT_ACK -> new HeartbeatAck(term, in.getLong());
      case READ_INDEX_REQUEST -> new ReadIndexRequest(term, in.getLong());
      case READ_INDEX_RESPONSE ->
          new ReadIndexResponse(term, in.getLong(), in.getLongAtLeast(-1, "read index"));
      case PRE_VOTE_REQUEST -> new PreVoteRequest(term, getPosition(in));
      case PRE_VOTE_RESPONSE -> new PreVoteResponse(term, in.getBoolean());
      case VOTE_REQUEST -> new VoteRequest(term, getPosition(in), in.getBoolean());
      case VOTE_RESPONSE -> new VoteResponse(term, in.getBoolean());
      case TIMEOUT_NOW -> new TimeoutNow(term);
      case SNAPSHOT_REQUEST -> new SnapshotRequest(term, getIndex(in));
      case STATE_DIGEST -> new StateDigest(term, getIndex(in), in.getLong());
      default -> throw in.malformed("unknown type of message " + type);
    };
  }

  private static void putPosition(Output out, LogPosition position) {
    Fields.putPosition(out, position);
  }

  private static LogPosition getPosition(Input in) {
    return Fields.getPosition(in);
  }

  private static long getIndex(Input in) {
    return in.getLongAtLeast(0, "index");
  }
}
