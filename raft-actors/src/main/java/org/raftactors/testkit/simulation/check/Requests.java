package org.raftactors.testkit.simulation.check;

import java.util.ArrayList;
import java.util.List;
import org.raftactors.core.log.EntryKind;
import org.raftactors.core.log.LogEntry;

/** All requests of a schedule: each gets one answer, and the truth. */
public final class Requests {

  private final List<Request> all = new ArrayList<>();

  /**
   * A new request.
   *
   * @param kind what is asked for
   * @param client who asks
   * @param key of the register
   * @param value to be written
   * @param expected before it is written; of a stale read how old the state may be
   * @param padding bytes that the command has more than it needs
   * @return the request
   */
  public Request create(
      Request.Kind kind, int client, int key, long value, long expected, int padding) {
    Request request = new Request(all.size(), kind, client, key, value, expected, padding);
    all.add(request);
    return request;
  }

  /** {@return how many there are} */
  public int size() {
    return all.size();
  }

  /**
   * A request is answered: it never happens.
   *
   * @param request any request
   * @param hint who may lead instead, -1 if unknown
   */
  public void rejected(Request request, int hint) {
    if (request.appended().index() > 0) {
      throw new Violation(
          Property.PROPOSAL_OUTCOME, request + " is rejected, but is in a log already");
    }
    request.answer(Request.Answer.REJECTED, 0, hint);
  }

  /**
   * A request is answered: nobody knows.
   *
   * @param request a write
   */
  public void unknown(Request request) {
    request.answer(Request.Answer.UNKNOWN, 0, -1);
  }

  /**
   * A request is answered: done.
   *
   * @param request any request
   * @param result what was read, or whether it took effect
   */
  public void done(Request request, long result) {
    request.answer(Request.Answer.DONE, result, -1);
  }

  /**
   * A proposer is answered with an entry that was applied.
   *
   * @param request of the proposer
   * @param entry what was applied
   * @param result what came of it
   */
  public void committed(Request request, LogEntry entry, long result) {
    if (entry.kind() != EntryKind.COMMAND
        || RegisterCommand.requestId(entry.payload()) != request.id()) {
      throw new Violation(
          Property.PROPOSAL_OUTCOME,
          request + " is answered with what is at " + entry.position() + ": " + describe(entry));
    }
    done(request, result);
  }

  /** An entry is seen in a log for the first time. */
  void appended(LogEntry entry) {
    if (entry.kind() == EntryKind.COMMAND) {
      Request request = all.get(RegisterCommand.requestId(entry.payload()));
      if (request.answer() == Request.Answer.REJECTED) {
        throw new Violation(
            Property.PROPOSAL_OUTCOME,
            request + " was rejected, and now comes at " + entry.position());
      }
      request.appended(entry.position());
    }
  }

  /** An entry is applied for the first time. */
  void applied(LogEntry entry) {
    if (entry.kind() == EntryKind.COMMAND) {
      Request request = all.get(RegisterCommand.requestId(entry.payload()));
      if (request.appliedAt() != 0) {
        throw new Violation(
            Property.PROPOSAL_OUTCOME,
            request + " is applied at " + request.appliedAt() + " and at " + entry.index());
      }
      request.applied(entry.index());
    }
  }

  /**
   * What an entry holds.
   *
   * @param entry of the log
   * @return in words
   */
  public String describe(LogEntry entry) {
    return entry.kind() == EntryKind.COMMAND
        ? all.get(RegisterCommand.requestId(entry.payload())).toString()
        : "no-op";
  }
}
