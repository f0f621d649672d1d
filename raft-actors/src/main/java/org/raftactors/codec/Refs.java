package org.raftactors.codec;

import org.apache.pekko.actor.typed.ActorRef;

/** References to actors as text, so that formats can be tested without an actor system. */
interface Refs {

  /** The text that another node can resolve. */
  String toText(ActorRef<?> ref);

  /** The reference; of an actor that is gone if there is no such actor. */
  <T> ActorRef<T> resolve(String text);
}
