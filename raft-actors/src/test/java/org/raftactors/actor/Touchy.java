package org.raftactors.actor;

import org.raftactors.ApplyContext;

/** Fails for one command and one query, and has no result that can be encoded for another. */
final class Touchy extends Ledger {
  @SuppressWarnings("NullAway") // a result that no codec of strings can encode
  @Override
  public synchronized String apply(ApplyContext context, String command) {
    if (command.equals("poison")) {
      throw new IllegalStateException("cannot stand it");
    }
    String result = super.apply(context, command);
    return command.equals("no result") ? null : result;
  }

  @Override
  public synchronized String query(String query) {
    if (query.equals("poison")) {
      throw new IllegalStateException("cannot stand it");
    }
    return super.query(query);
  }
}
