package org.raftactors.actor;

/** The storage has found damage in what is stored for a replica, whoever was reading. */
final class LogDamaged extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LogDamaged(String what) {
    super(what);
  }
}
