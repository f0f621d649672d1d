package org.raftactors.examples.kv;

import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** What commands and queries return. */
sealed interface KvResult {

  /**
   * A put was done.
   *
   * @param version how many writes the key has seen since it was created, this one included
   */
  record Written(long version) implements KvResult {}

  /**
   * A delete was done.
   *
   * @param existed whether there was something to remove
   */
  record Deleted(boolean existed) implements KvResult {}

  /**
   * A compare-and-set was decided.
   *
   * @param swapped whether the update was stored
   * @param actual the value that the key held when it was decided, null if it was absent
   */
  record Compared(boolean swapped, @Nullable String actual) implements KvResult {}

  /** A compare-and-set met a value that is not UTF-8 text; nothing was changed. */
  record NotText() implements KvResult {}

  /**
   * The key is there.
   *
   * @param value what it holds
   * @param index the log index of its last write
   * @param version how many writes it has seen since it was created
   */
  record Found(ByteString value, long index, long version) implements KvResult {}

  /** The key is not there. */
  record Absent() implements KvResult {}

  /**
   * A summary of a partition's state. Two replicas with the same {@code index} must agree in all of
   * it.
   *
   * @param index the log index of the last command that was applied
   * @param commands how many commands were applied
   * @param keys how many keys there are
   * @param history a hash over all commands in the order applied, with their indexes
   * @param content a hash over all keys and values in key order
   */
  record Digest(long index, long commands, long keys, long history, long content)
      implements KvResult {}
}
