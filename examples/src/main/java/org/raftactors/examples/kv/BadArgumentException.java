package org.raftactors.examples.kv;

/** A command line that cannot be obeyed; the message names the argument, the value and the rule. */
final class BadArgumentException extends Exception {

  BadArgumentException(String message) {
    super(message);
  }
}
