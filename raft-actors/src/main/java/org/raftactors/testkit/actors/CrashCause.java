package org.raftactors.testkit.actors;

import org.jspecify.annotations.Nullable;
import org.raftactors.actor.StorageStalled;

/** Tells the crashes of replicas that a fault explains from those that must be bugs. */
final class CrashCause {

  /** More than any chain of causes has, so that a cycle ends. */
  private static final int MAX_DEPTH = 20;

  /** What is further down is Pekko and the loop of the simulation. */
  private static final int MAX_FRAMES = 20;

  private CrashCause() {}

  /**
   * Whether a fault explains a crash.
   *
   * @param crash why a replica ended, null if it just stopped
   * @param stoodStill whether its process or its disk had stood still
   */
  static boolean isExplained(@Nullable Throwable crash, boolean stoodStill) {
    Throwable cause = crash;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      if (cause instanceof SimulatedDiskFailure) {
        return true;
      }
      if (cause instanceof StorageStalled) {
        return stoodStill;
      }
      cause = cause.getCause();
    }
    return false;
  }

  static String stackTrace(@Nullable Throwable crash) {
    if (crash == null) {
      return "it stopped by itself";
    }
    StringBuilder text = new StringBuilder();
    Throwable cause = crash;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      text.append(depth == 0 ? "" : "\nCaused by: ").append(cause);
      StackTraceElement[] frames = cause.getStackTrace();
      for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
        text.append("\n\tat ").append(frames[i]);
      }
      cause = cause.getCause();
    }
    return text.toString();
  }
}
