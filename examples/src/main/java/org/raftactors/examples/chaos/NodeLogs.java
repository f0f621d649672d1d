package org.raftactors.examples.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.raftactors.examples.process.NodeProcess;

/**
 * What nodes wrote about their replicas. A replica that found a state that must never be has
 * stopped for good, but its process goes on, and the next kill brings it back: only the log still
 * knows.
 */
final class NodeLogs {

  private static final String FAILED = "has FAILED and stays stopped";

  /** What a replica says that has lost something, or cannot read it. */
  private static final String DAMAGED = "the journal is damaged";

  /** What a node says that ends since it cannot open its store, or read in it who it is. */
  private static final List<String> REFUSALS =
      List.of("The RocksDB store at", "the record of node");

  private static final String CRASHED = "crashed and will be started again";

  /** Of a node that stood still, or that was being stopped, in the middle of a write. */
  private static final List<String> EXPECTED_CAUSES =
      List.of("StorageStalled", "JournalFailureException", "RocksDbStoreException");

  private NodeLogs() {}

  /** Whether a node's problem is that a replica of it has failed since its journal is damaged. */
  static boolean isDamage(String problem) {
    return problem.contains(" is FAILED: " + DAMAGED);
  }

  static List<String> lines(NodeProcess node) throws IOException {
    return node.output().lines().toList();
  }

  /** Why a node ended with the store that it has; empty if it was for something else. */
  static Optional<String> refusal(List<String> lines) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (lines.get(i).startsWith("kv-node: ")) {
        String why = lines.get(i);
        return REFUSALS.stream().anyMatch(why::contains) ? Optional.of(why) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * The replicas that ended as no fault of this program should make them.
   *
   * @param node its name
   * @param lines all that it has written
   * @param sound how many of them it had written before its files were damaged
   */
  static List<String> alarms(String node, List<String> lines, int sound) {
    List<String> alarms = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String cause = i + 1 < lines.size() ? lines.get(i + 1) : "";
      boolean crashed =
          line.contains(CRASHED) && EXPECTED_CAUSES.stream().noneMatch(cause::contains);
      boolean failed = line.contains(FAILED) && (i < sound || !line.contains(DAMAGED));
      if (failed || crashed) {
        alarms.add("the log of " + node + " has: " + line + " / " + cause);
      }
    }
    return alarms;
  }
}
