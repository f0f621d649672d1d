package org.raftactors.testkit.simulation.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws what goes wrong, when, and for how long; whole kinds of it are absent each time. */
final class Nemesis {

  private static final int FAULTS_MAX = 400;

  private Nemesis() {}

  static List<Fault> draw(Parameters parameters, SplittableRandom random) {
    Fault.Kind[] kinds = present(random);
    List<Fault> faults = new ArrayList<>();
    if (kinds.length == 0) {
      return faults;
    }
    long timeout = parameters.settings().electionTimeoutMin();
    long interval = 1 + (random.nextLong(4 * timeout) >> random.nextInt(4));
    long longest = 1 + (random.nextLong(12 * timeout) >> random.nextInt(5));
    int leaders = random.nextInt(1001);
    long at = random.nextLong(2 * timeout);
    while (at < parameters.length() && faults.size() < FAULTS_MAX) {
      int target =
          random.nextInt(1000) < leaders ? Fault.LEADER : random.nextInt(parameters.replicas());
      faults.add(
          new Fault(
              at,
              kinds[random.nextInt(kinds.length)],
              target,
              1 + (random.nextLong(longest) >> random.nextInt(4)),
              random.nextLong()));
      at += 1 + random.nextLong(2 * interval);
    }
    return faults;
  }

  private static Fault.Kind[] present(SplittableRandom random) {
    int each = random.nextInt(1001);
    List<Fault.Kind> present = new ArrayList<>();
    for (Fault.Kind kind : Fault.Kind.values()) {
      if (random.nextInt(1000) < each) {
        present.add(kind);
      }
    }
    return present.toArray(new Fault.Kind[0]);
  }
}
