package org.raftactors.testkit.linearizability;

import org.jspecify.annotations.Nullable;

/** What a store of registers answers. */
public sealed interface RegisterOutput {

  /** To a put: done. */
  record Written() implements RegisterOutput {}

  /**
   * To a get.
   *
   * @param value what the register holds; null if it is absent
   */
  record Value(@Nullable String value) implements RegisterOutput {}

  /**
   * To a delete.
   *
   * @param existed whether the register was there
   */
  record Deleted(boolean existed) implements RegisterOutput {}

  /**
   * To a compare-and-swap.
   *
   * @param swapped whether it stored the update
   * @param actual what the register held when that was decided; null if it was absent
   */
  record Compared(boolean swapped, @Nullable String actual) implements RegisterOutput {}
}
