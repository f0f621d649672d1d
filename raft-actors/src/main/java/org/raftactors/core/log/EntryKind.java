package org.raftactors.core.log;

/** What a log entry means. The code is part of the format on disk and on the wire. */
public enum EntryKind {
  /** The first entry of a term: commits what came before it and never reaches the state machine. */
  NO_OP(0),
  /** A command of the application. */
  COMMAND(1);

  private final byte code;

  EntryKind(int code) {
    this.code = (byte) code;
  }

  /** {@return what stands for the kind on disk and on the wire} */
  public byte code() {
    return code;
  }
}
