package org.raftactors.cluster.client;

import org.raftactors.RejectReason;

/** Which rejections another attempt can turn into something better. */
final class Retries {

  private Retries() {}

  static boolean isWorthwhile(RejectReason reason) {
    return switch (reason) {
      case NOT_LEADER, OVERLOADED, RESTORING, UNAVAILABLE -> true;
      case TOO_LARGE, NO_SPACE -> false;
    };
  }
}
