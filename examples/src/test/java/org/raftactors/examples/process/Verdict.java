package org.raftactors.examples.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.raftactors.examples.process.TestCluster.awaiting;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares what the clients were told with what the store holds. The store counts the writes of
 * each key and remembers the log index of the last: since every key is written at most once, a
 * version other than 1 is a write that was applied twice.
 */
final class Verdict {

  private Verdict() {}

  /**
   * Checks every write, and that all replicas are the same.
   *
   * @return how many writes ended how, for a person to read
   */
  static Map<String, Long> check(TestCluster cluster, List<Attempt> attempts) {
    Set<String> places = new HashSet<>();
    for (Attempt attempt : attempts) {
      if (attempt.outcome() == Attempt.Outcome.ACKNOWLEDGED) {
        assertThat(places.add(attempt.partition() + "." + attempt.index()))
            .as("two writes were acknowledged at the place of %s", attempt)
            .isTrue();
      }
    }
    // What was not even sent is not read: if it were there, there would be too many commands.
    long applied =
        attempts.parallelStream()
            .filter(attempt -> attempt.outcome() != Attempt.Outcome.NOT_SENT)
            .filter(attempt -> checkOne(cluster, attempt))
            .count();
    List<JsonNode> digests = cluster.awaitAgreement();
    long commands = digests.stream().mapToLong(digest -> digest.get("commands").asLong()).sum();
    assertThat(commands)
        .as("commands in all partitions, %s, against keys written", digests)
        .isEqualTo(applied);
    return attempts.stream()
        .collect(Collectors.groupingBy(Verdict::summary, TreeMap::new, Collectors.counting()));
  }

  /** The outcome, and for one that needs explaining, what was said, without its numbers. */
  private static String summary(Attempt attempt) {
    return switch (attempt.outcome()) {
      case UNKNOWN, REJECTED -> attempt.outcome() + " " + attempt.said().replaceAll("[0-9]+", "N");
      default -> attempt.outcome().toString();
    };
  }

  /** A linearizable read; one that is refused has done nothing and is made again. */
  private static Reply read(TestCluster cluster, Attempt attempt) {
    return awaiting("an answer to the read of " + attempt.key())
        .until(
            () -> cluster.client.get(cluster.node(1), "/kv/" + attempt.key()),
            reply -> reply.status() != 503);
  }

  /** Whether the write is there. */
  private static boolean checkOne(TestCluster cluster, Attempt attempt) {
    Reply reply = read(cluster, attempt);
    boolean there = reply.status() == 200;
    assertThat(reply.status()).as("%s: %s", attempt, reply).isIn(200, 404);
    switch (attempt.outcome()) {
      case ACKNOWLEDGED -> {
        assertThat(there).as("%s was acknowledged, but is lost", attempt).isTrue();
        assertThat(reply.header("Kv-Index"))
            .as("%s was acknowledged at one index and applied at another", attempt)
            .isEqualTo(Long.toString(attempt.index()));
      }
      case REJECTED -> assertThat(there).as("%s was refused, but is there", attempt).isFalse();
      case UNKNOWN -> {}
      default -> throw new IllegalStateException("unheard of: " + attempt);
    }
    if (there) {
      assertThat(reply.body()).as("%s", attempt).isEqualTo(attempt.value());
      assertThat(reply.header("Kv-Version")).as("%s was applied twice", attempt).isEqualTo("1");
    }
    return there;
  }
}
