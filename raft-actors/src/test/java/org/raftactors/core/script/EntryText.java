package org.raftactors.core.script;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.log.Payload;

/**
 * Entries as text: {@code index/term payload}, {@code 1/1 no-op}, {@code 2/1 a}. A payload that is
 * padded to a size is written {@code a*500}.
 */
final class EntryText {

  private static final String NO_OP = "no-op";

  private EntryText() {}

  static String format(LogEntry entry) {
    return entry.position() + " " + content(entry);
  }

  static String format(List<LogEntry> entries) {
    return entries.stream().map(EntryText::format).collect(Collectors.joining(", ", "[", "]"));
  }

  static String content(LogEntry entry) {
    return entry.kind() == EntryKind.NO_OP ? NO_OP : content(entry.payload());
  }

  static String content(Payload payload) {
    String padded = new String(payload.bytes(), payload.offset(), payload.length(), UTF_8);
    String text = padded.stripTrailing();
    return text.length() == payload.length() ? text : text + "*" + payload.length();
  }

  /** The name under which a payload was proposed. */
  static String name(Payload payload) {
    return new String(payload.bytes(), payload.offset(), payload.length(), UTF_8).stripTrailing();
  }

  static Payload payload(String text) {
    int star = text.indexOf('*');
    if (star < 0) {
      return Payload.of(text.getBytes(UTF_8));
    }
    int size = Integer.parseInt(text.substring(star + 1));
    return Payload.of(String.format("%-" + size + "s", text.substring(0, star)).getBytes(UTF_8));
  }

  static LogPosition position(String text) {
    int slash = text.indexOf('/');
    return new LogPosition(
        Long.parseLong(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
  }

  /** Reads what {@link #format(List)} wrote, without the brackets. */
  static List<LogEntry> parse(String text) {
    List<LogEntry> entries = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.isBlank()) {
        int space = part.strip().indexOf(' ');
        LogPosition position = position(part.strip().substring(0, space));
        entries.add(entry(position, part.strip().substring(space + 1)));
      }
    }
    return entries;
  }

  static LogEntry entry(LogPosition position, String content) {
    boolean noOp = content.equals(NO_OP);
    return new LogEntry(
        position.index(),
        position.term(),
        position.index(),
        noOp ? EntryKind.NO_OP : EntryKind.COMMAND,
        noOp ? Payload.EMPTY : payload(content));
  }
}
