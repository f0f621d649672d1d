package org.raftactors.examples.kv;

/** What reads the store. */
sealed interface KvQuery {

  /** Asks for the value of a key. */
  record Get(String key) implements KvQuery {}

  /** Asks for a summary of the whole partition, to compare replicas. Looks at every key. */
  record Digest() implements KvQuery {}
}
