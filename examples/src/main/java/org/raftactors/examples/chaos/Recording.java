package org.raftactors.examples.chaos;

import java.util.List;
import org.raftactors.testkit.linearizability.Operation;
import org.raftactors.testkit.linearizability.RegisterInput;
import org.raftactors.testkit.linearizability.RegisterOutput;

/**
 * Everything that was seen of a run.
 *
 * @param options what was asked for
 * @param history what the clients were told
 * @param samples every request
 * @param placed what has a result, stale reads, too, with its place in the log
 * @param strikes what really happened to the nodes
 * @param ended nodes that ended by themselves
 * @param claims who said that they led
 * @param commands how many commands the replicas have applied, all partitions together
 */
record Recording(
    ChaosOptions options,
    List<Operation<RegisterInput, RegisterOutput>> history,
    List<Sample> samples,
    List<Placed> placed,
    List<Strike> strikes,
    List<String> ended,
    List<LeaderWatch.Claim> claims,
    long commands) {

  Recording {
    history = List.copyOf(history);
    samples = List.copyOf(samples);
    placed = List.copyOf(placed);
    strikes = List.copyOf(strikes);
    ended = List.copyOf(ended);
    claims = List.copyOf(claims);
  }

  long count(Sample.Outcome outcome) {
    return samples.stream().filter(sample -> sample.outcome() == outcome).count();
  }

  long keys() {
    return history.stream().map(operation -> operation.input().key()).distinct().count();
  }

  /** How often a partition got another leader, or the same one again. */
  long elections() {
    return claims.stream().map(claim -> claim.partition() + "/" + claim.term()).distinct().count();
  }

  long slowestMillis() {
    return samples.stream().mapToLong(Sample::nanos).max().orElse(0) / 1_000_000;
  }
}
