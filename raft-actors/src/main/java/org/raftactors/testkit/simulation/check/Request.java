package org.raftactors.testkit.simulation.check;

import org.raftactors.core.log.LogPosition;

/**
 * One thing that a client asks one replica for: the waiter that the core holds. It is answered
 * once, or never if the replica was killed meanwhile. A client that tries again makes a new one.
 */
public final class Request {

  /** What is asked for. */
  public enum Kind {
    /** Write a register. */
    PUT,
    /** Write a register if it has an expected value. */
    CAS,
    /** Read a register, linearizably. */
    GET,
    /** Read a register as this replica knows it. */
    STALE_GET,
    /** Hand leadership over. */
    TRANSFER;

    /** {@return whether it is a proposal} */
    public boolean isWrite() {
      return this == PUT || this == CAS;
    }
  }

  /** How it was answered. */
  public enum Answer {
    /** Not yet. */
    NONE,
    /** Done. */
    DONE,
    /** It never happens. */
    REJECTED,
    /** Nobody knows. */
    UNKNOWN
  }

  private final int id;
  private final Kind kind;
  private final int client;
  private final int key;
  private final long value;
  private final long expected;
  private final int padding;
  private long floor;
  private Answer answer = Answer.NONE;
  private long result;
  private int hint = -1;

  /** The index at which it was first applied, or behind which it was read; 0 before. */
  private long appliedAt;

  /** The number of the input by which a core was asked, 0 before. */
  private long asked;

  /** The term of the replica that was asked, if it led; else 0. */
  private long askedInTerm;

  /** Where it was first seen in a log. */
  private LogPosition appended = LogPosition.ZERO;

  /**
   * A request without an answer.
   *
   * @param id its number, unique in its schedule, from 0
   * @param kind what is asked for
   * @param client who asks
   * @param key of the register
   * @param value to be written
   * @param expected before it is written; of a stale read how old the state may be
   * @param padding bytes that the command has more than it needs
   */
  Request(int id, Kind kind, int client, int key, long value, long expected, int padding) {
    this.id = id;
    this.kind = kind;
    this.client = client;
    this.key = key;
    this.value = value;
    this.expected = expected;
    this.padding = padding;
  }

  public int id() {
    return id;
  }

  public Kind kind() {
    return kind;
  }

  public int client() {
    return client;
  }

  public int key() {
    return key;
  }

  public long value() {
    return value;
  }

  public long expected() {
    return expected;
  }

  public int padding() {
    return padding;
  }

  /** {@return the highest index that was committed anywhere when a replica got it} */
  public long floor() {
    return floor;
  }

  /**
   * A replica has got it.
   *
   * @param committed the highest index that is committed anywhere, if it must see that
   */
  public void arrived(long committed) {
    floor = committed;
  }

  public Answer answer() {
    return answer;
  }

  /** {@return what was read, or 1 for a write that took effect and 0 for one that did not} */
  public long result() {
    return result;
  }

  /** {@return who may lead instead, -1 if unknown} */
  public int hint() {
    return hint;
  }

  /** {@return the index at which it was applied, or behind which it was read; 0 if nowhere yet} */
  public long appliedAt() {
    return appliedAt;
  }

  void applied(long index) {
    appliedAt = index;
  }

  /** {@return where it was first seen in a log, 0/0 if nowhere yet} */
  public LogPosition appended() {
    return appended;
  }

  void appended(LogPosition position) {
    appended = position;
  }

  /**
   * A core is asked.
   *
   * @param moment the number of the input
   * @param term which that replica leads, 0 if it does not lead
   */
  public void asked(long moment, long term) {
    asked = moment;
    askedInTerm = term;
  }

  /** {@return the number of the input by which a core was asked, 0 before} */
  public long asked() {
    return asked;
  }

  /** {@return the term that was led where it was asked, 0 if the replica did not lead} */
  public long askedInTerm() {
    return askedInTerm;
  }

  /** {@return whether it has its answer} */
  public boolean isAnswered() {
    return answer != Answer.NONE;
  }

  void answer(Answer newAnswer, long newResult, int newHint) {
    if (answer != Answer.NONE) {
      throw new Violation(
          Property.ONE_ANSWER, this + " is answered " + answer + " and then " + newAnswer);
    }
    answer = newAnswer;
    result = newResult;
    hint = newHint;
  }

  @Override
  public String toString() {
    return switch (kind) {
      case PUT -> "#" + id + " put k" + key + "=" + value;
      case CAS -> "#" + id + " cas k" + key + " " + expected + "->" + value;
      case GET -> "#" + id + " get k" + key;
      case STALE_GET -> "#" + id + " stale get k" + key;
      case TRANSFER -> "#" + id + " transfer";
    };
  }
}
