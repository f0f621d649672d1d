package org.raftactors.testkit.simulation.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.raftactors.testkit.simulation.check.Request;

/** Draws what the clients do. */
final class Workload {

  /** A history of more operations on one register may take too long to judge. */
  private static final int OPERATIONS_PER_KEY = 80;

  private Workload() {}

  static List<Operation> draw(Parameters parameters, SplittableRandom random) {
    Parameters.Load load = parameters.load();
    int most = OPERATIONS_PER_KEY * load.keys();
    int reads = random.nextInt(701);
    int stale = random.nextInt(2) == 0 ? 0 : random.nextInt(300);
    int anywhere = random.nextInt(4) == 0 ? 1000 : random.nextInt(500);
    List<Operation> operations = new ArrayList<>();
    for (int client = 0; client < load.clients(); client++) {
      long at = random.nextLong(load.interval());
      int count = 0;
      while (at < parameters.length() && count++ < most / load.clients()) {
        int target =
            random.nextInt(1000) < anywhere ? random.nextInt(parameters.replicas()) : Fault.LEADER;
        operations.add(
            new Operation(
                at,
                client,
                kind(reads, stale, random),
                random.nextInt(load.keys()),
                target,
                random.nextLong()));
        at += 1 + random.nextLong(2 * load.interval());
      }
    }
    operations.sort(Comparator.comparingLong(Operation::at));
    return operations;
  }

  private static Request.Kind kind(int reads, int stale, SplittableRandom random) {
    if (random.nextInt(1000) < reads) {
      return random.nextInt(1000) < stale ? Request.Kind.STALE_GET : Request.Kind.GET;
    }
    return random.nextInt(3) == 0 ? Request.Kind.CAS : Request.Kind.PUT;
  }
}
