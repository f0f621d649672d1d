package org.raftactors.examples.kv;

import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** What changes the store; goes into the log. */
sealed interface KvCommand {

  /**
   * The key that it is about.
   *
   * @return well-formed text
   */
  String key();

  /** Stores a value, whatever was there. */
  record Put(String key, ByteString value) implements KvCommand {}

  /** Removes a key, if it is there. */
  record Delete(String key) implements KvCommand {}

  /**
   * Stores {@code update} if the key holds {@code expect} when the command is applied; a null
   * {@code expect} means that the key must be absent.
   */
  record CompareAndSet(String key, @Nullable String expect, String update) implements KvCommand {}
}
