package org.raftactors.testkit.linearizability;

import org.jspecify.annotations.Nullable;

/** What can be asked of a store of registers, each with a key, each absent at first. */
public sealed interface RegisterInput {

  /**
   * The register that it is about.
   *
   * @return its key
   */
  String key();

  /**
   * Stores a value, whatever was there.
   *
   * @param key the register
   * @param value the value; best one that nothing else writes
   */
  record Put(String key, String value) implements RegisterInput {}

  /**
   * Reads.
   *
   * @param key the register
   */
  record Get(String key) implements RegisterInput {}

  /**
   * Makes the register absent.
   *
   * @param key the register
   */
  record Delete(String key) implements RegisterInput {}

  /**
   * Stores {@code update} if the register holds {@code expect}.
   *
   * @param key the register
   * @param expect what it must hold; null if it must be absent
   * @param update what it then holds; best a value that nothing else writes
   */
  record CompareAndSwap(String key, @Nullable String expect, String update)
      implements RegisterInput {}
}
