package org.raftactors;

import java.util.List;

/**
 * The outcomes of some commands of a {@link ProposeBatch} that follow on each other.
 *
 * @param batch the batch's id
 * @param first the place in the batch of the command that the first outcome is of, from 0
 * @param results the outcomes, at least one
 */
public record BatchResults(long batch, int first, List<ProposalResult<byte[]>> results) {

  /**
   * A copy of the list.
   *
   * @param batch the batch's id
   * @param first the place of the first outcome
   * @param results the outcomes
   * @throws IllegalArgumentException naming the value and the rule
   */
  public BatchResults {
    results = List.copyOf(results);
    if (first < 0 || results.isEmpty()) {
      throw new IllegalArgumentException(
          results.size() + " results from " + first + ": must be at least one, from 0 or later");
    }
  }
}
