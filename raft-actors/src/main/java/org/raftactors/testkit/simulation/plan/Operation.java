package org.raftactors.testkit.simulation.plan;

import org.raftactors.testkit.simulation.check.Request;

/**
 * Something that a client does, once it is done with what it did before.
 *
 * @param at not earlier than that
 * @param client who, from 0
 * @param kind what
 * @param key of the register
 * @param target the number of the replica that is asked first, {@link Fault#LEADER} for the one
 *     that the client believes to lead
 * @param seed for what else it has to choose
 */
public record Operation(long at, int client, Request.Kind kind, int key, int target, long seed) {

  @Override
  public String toString() {
    String whom = target == Fault.LEADER ? "leader" : "r" + (target + 1);
    return at / 1_000 + "us c" + client + " " + kind + " k" + key + " at " + whom;
  }
}
