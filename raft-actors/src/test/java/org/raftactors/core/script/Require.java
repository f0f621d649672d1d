package org.raftactors.core.script;

import org.jspecify.annotations.Nullable;

/** Checks on the hot path of schedules: nothing is formatted unless one fails. */
final class Require {

  private Require() {}

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is not on the class path
  static void that(boolean condition, String format, Object... arguments) {
    if (!condition) {
      throw new AssertionError(String.format(format, arguments));
    }
  }

  static <T> T notNull(@Nullable T value, String what) {
    if (value == null) {
      throw new AssertionError("no " + what);
    }
    return value;
  }
}
