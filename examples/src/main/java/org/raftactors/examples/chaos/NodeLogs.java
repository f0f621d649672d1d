package org.raftactors.examples.chaos;

import java.util.ArrayList;
import java.util.List;

/**
 * What nodes wrote about their replicas. A replica that found a state that must never be has
 * stopped for good, but its process goes on, and the next kill brings it back: only the log still
 * knows.
 */
final class NodeLogs {

  private static final String FAILED = "has FAILED and stays stopped";
  private static final String CRASHED = "crashed and will be started again";

  /** Of a node that stood still, or that was being stopped, in the middle of a write. */
  private static final List<String> EXPECTED_CAUSES =
      List.of("StorageStalled", "JournalFailureException", "RocksDbStoreException");

  private NodeLogs() {}

  /** The replicas that ended as no fault of this program should make them. */
  static List<String> alarms(String node, List<String> lines) {
    List<String> alarms = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String cause = i + 1 < lines.size() ? lines.get(i + 1) : "";
      boolean crashed =
          line.contains(CRASHED) && EXPECTED_CAUSES.stream().noneMatch(cause::contains);
      if (line.contains(FAILED) || crashed) {
        alarms.add("the log of " + node + " has: " + line + " / " + cause);
      }
    }
    return alarms;
  }
}
