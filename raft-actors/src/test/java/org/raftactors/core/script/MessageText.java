package org.raftactors.core.script;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
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
import org.raftactors.core.message.TimeoutNow;
import org.raftactors.core.message.VoteRequest;
import org.raftactors.core.message.VoteResponse;

/** Messages as text, {@code Type key=value flag [entries]}, and back: scripts may forge them. */
final class MessageText {

  private MessageText() {}

  static String format(RaftMessage message) {
    return message.getClass().getSimpleName() + " term=" + message.term() + rest(message);
  }

  private static String rest(RaftMessage message) {
    if (message instanceof PreVoteRequest m) {
      return " last=" + m.last();
    } else if (message instanceof PreVoteResponse m) {
      return m.granted() ? " granted" : " rejected";
    } else if (message instanceof VoteRequest m) {
      return " last=" + m.last() + (m.leadershipTransfer() ? " transfer" : "");
    } else if (message instanceof VoteResponse m) {
      return m.granted() ? " granted" : " rejected";
    } else if (message instanceof AppendRequest m) {
      return " prev="
          + m.previous()
          + " "
          + EntryText.format(m.entries())
          + " commit="
          + m.leaderCommit();
    } else if (message instanceof AppendAccepted m) {
      return " match=" + m.matchIndex();
    } else if (message instanceof AppendRejected m) {
      return " prev=" + m.previousIndex() + " hint=" + m.hint() + " last=" + m.lastIndex();
    } else if (message instanceof Heartbeat m) {
      return " commit=" + m.leaderCommit() + " round=" + m.round();
    } else if (message instanceof HeartbeatAck m) {
      return " round=" + m.round();
    } else if (message instanceof ReadIndexRequest m) {
      return " id=" + m.readId();
    } else if (message instanceof ReadIndexResponse m) {
      return " id=" + m.readId() + " index=" + m.readIndex();
    } else if (message instanceof SnapshotRequest m) {
      return " atLeast=" + m.atLeastIndex();
    }
    return "";
  }

  static RaftMessage parse(String text) {
    return new Parsed(text).message();
  }

  /** The parts of one message's text. */
  private static final class Parsed {

    private final String text;
    private final String type;
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> flags = new HashSet<>();
    private List<LogEntry> entries = List.of();

    Parsed(String text) {
      this.text = text;
      String rest = text;
      int open = text.indexOf('[');
      if (open >= 0) {
        int close = text.indexOf(']');
        entries = EntryText.parse(text.substring(open + 1, close));
        rest = text.substring(0, open) + text.substring(close + 1);
      }
      String[] words = rest.strip().split("\\s+", -1);
      type = words[0];
      for (int i = 1; i < words.length; i++) {
        int equals = words[i].indexOf('=');
        if (equals < 0) {
          flags.add(words[i]);
        } else {
          values.put(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
      }
    }

    RaftMessage message() {
      long term = number("term");
      return switch (type) {
        case "PreVoteRequest" -> new PreVoteRequest(term, position("last"));
        case "PreVoteResponse" -> new PreVoteResponse(term, granted());
        case "VoteRequest" -> new VoteRequest(term, position("last"), flags.contains("transfer"));
        case "VoteResponse" -> new VoteResponse(term, granted());
        case "AppendRequest" ->
            new AppendRequest(term, position("prev"), entries, number("commit"));
        case "AppendAccepted" -> new AppendAccepted(term, number("match"));
        case "AppendRejected" ->
            new AppendRejected(term, number("prev"), position("hint"), number("last"));
        case "Heartbeat" -> new Heartbeat(term, number("commit"), number("round"));
        case "HeartbeatAck" -> new HeartbeatAck(term, number("round"));
        case "TimeoutNow" -> new TimeoutNow(term);
        case "ReadIndexRequest" -> new ReadIndexRequest(term, number("id"));
        case "ReadIndexResponse" -> new ReadIndexResponse(term, number("id"), number("index"));
        case "SnapshotRequest" -> new SnapshotRequest(term, number("atLeast"));
        default -> throw new IllegalArgumentException("no message is called " + type);
      };
    }

    private boolean granted() {
      if (flags.contains("granted") == flags.contains("rejected")) {
        throw new IllegalArgumentException("'" + text + "' is neither granted nor rejected");
      }
      return flags.contains("granted");
    }

    private long number(String key) {
      return Long.parseLong(value(key));
    }

    private LogPosition position(String key) {
      return EntryText.position(value(key));
    }

    private String value(String key) {
      String value = values.get(key);
      if (value == null) {
        throw new IllegalArgumentException("'" + text + "' lacks " + key + "=");
      }
      return value;
    }
  }
}
