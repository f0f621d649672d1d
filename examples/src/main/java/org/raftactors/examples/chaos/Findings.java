package org.raftactors.examples.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What speaks against a run, gathered while it goes on and judged in the end. */
final class Findings {

  enum Verdict {
    PASSED,
    VIOLATED,
    INCONCLUSIVE
  }

  private final List<String> violations = new ArrayList<>();
  private final List<String> doubts = new ArrayList<>();

  /** Something that may never happen. */
  void violation(String text) {
    violations.add(text);
  }

  void violations(List<String> texts) {
    violations.addAll(texts);
  }

  /** Something because of which nobody can say that all is well. */
  void doubt(String text) {
    doubts.add(text);
  }

  void doubts(List<String> texts) {
    doubts.addAll(texts);
  }

  /** The replicas of a partition must be equal. */
  void replicas(int partition, Set<JsonNode> digests) {
    if (digests.size() != 1) {
      violation("the replicas of partition " + partition + " differ after healing: " + digests);
    }
  }

  List<String> violations() {
    return List.copyOf(violations);
  }

  List<String> doubts() {
    return List.copyOf(doubts);
  }

  Verdict verdict() {
    if (!violations.isEmpty()) {
      return Verdict.VIOLATED;
    }
    return doubts.isEmpty() ? Verdict.PASSED : Verdict.INCONCLUSIVE;
  }
}
