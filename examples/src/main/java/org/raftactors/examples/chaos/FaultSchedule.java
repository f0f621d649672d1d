package org.raftactors.examples.chaos;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Draws all faults of a run from its seed, before the run. Two lanes: in the first one fault
 * follows the other, in the second there are fewer, so that now and then two come together. Every
 * few faults the nodes get time to recover: what is never well again shows no harm either.
 *
 * <p>A damaged node may be lost for good, so only a minority is damaged, each node once.
 */
final class FaultSchedule {

  private static final int FAULTS_IN_A_ROW = 5;
  private static final long BEFORE_THE_FIRST = 2_000;
  private static final long START_MILLIS = 6_000;
  private static final long AFTER_THE_LAST = 2_000;

  private final Random random;
  private final int nodes;
  private final List<Fault.Kind> kinds;
  private final List<Fault.Kind> bag = new ArrayList<>();
  private final List<Integer> toBeDamaged;

  private FaultSchedule(long seed, int nodes, Set<Fault.Kind> kinds) {
    this.random = new Random(seed);
    this.nodes = nodes;
    this.kinds = kinds.stream().sorted().toList();
    // From a generator of its own: without damage, a seed gives what it always gave.
    List<Integer> all = new ArrayList<>(IntStream.range(0, nodes).boxed().toList());
    Collections.shuffle(all, new Random(~seed));
    this.toBeDamaged = new ArrayList<>(all.subList(0, nodes / 2));
  }

  static List<Fault> draw(long seed, int nodes, Set<Fault.Kind> kinds, long millis) {
    FaultSchedule schedule = new FaultSchedule(seed, nodes, kinds);
    List<Fault> faults = new ArrayList<>();
    schedule.lane(faults, BEFORE_THE_FIRST, millis - AFTER_THE_LAST, 2_000, 5_000);
    schedule.lane(faults, BEFORE_THE_FIRST + 8_000, millis - AFTER_THE_LAST, 6_000, 16_000);
    faults.sort(Comparator.comparingLong(Fault::atMillis));
    return faults;
  }

  private void lane(List<Fault> faults, long from, long until, int minGap, int maxGap) {
    long now = from;
    for (int count = 1; ; count++) {
      Optional<Fault.Kind> kind = kind();
      if (kind.isEmpty()) {
        return;
      }
      Fault fault = draw(faults.size() + 1, kind.get(), now);
      if (now + fault.forMillis() > until) {
        return;
      }
      faults.add(fault);
      if (fault.kind() == Fault.Kind.DAMAGE) {
        toBeDamaged.remove(fault.nodes().get(0));
      }
      now += fault.forMillis() + between(minGap, maxGap);
      // Mostly, a node should be there again before it is struck again.
      if (fault.kind() == Fault.Kind.KILL
          || fault.kind() == Fault.Kind.TERMINATE
          || fault.kind() == Fault.Kind.DAMAGE) {
        now += START_MILLIS;
      }
      if (count % FAULTS_IN_A_ROW == 0) {
        now += between(8_000, 12_000);
      }
    }
  }

  /** Every kind comes once before any comes again; none if there is nothing left to strike. */
  private Optional<Fault.Kind> kind() {
    if (bag.isEmpty()) {
      bag.addAll(kinds);
      Collections.shuffle(bag, random);
    }
    if (toBeDamaged.isEmpty()) {
      bag.remove(Fault.Kind.DAMAGE);
      if (bag.isEmpty()) {
        bag.addAll(kinds);
        bag.remove(Fault.Kind.DAMAGE);
        Collections.shuffle(bag, random);
      }
    }
    return bag.isEmpty() ? Optional.empty() : Optional.of(bag.remove(bag.size() - 1));
  }

  private Fault draw(int number, Fault.Kind kind, long at) {
    return switch (kind) {
      case KILL -> process(number, kind, at, between(500, 4_000), someNodes(true));
      case TERMINATE -> process(number, kind, at, between(1_000, 4_000), someNodes(false));
      // Longer than the longest election timeout.
      case PAUSE -> process(number, kind, at, between(2_500, 7_000), someNodes(false));
      case CUT ->
          new Fault(
              number,
              kind,
              at,
              between(2_500, 8_000),
              List.of(),
              someLinks(),
              random.nextBoolean() ? Link.Mode.BLACK_HOLE : Link.Mode.SEVER,
              0);
      case SLOW ->
          new Fault(
              number,
              kind,
              at,
              between(3_000, 8_000),
              List.of(),
              someLinks(),
              Link.Mode.SLOW,
              between(20, 400));
      case DAMAGE -> process(number, kind, at, between(500, 2_000), List.of(toBeDamaged.get(0)));
      case FULL -> process(number, kind, at, between(4_000, 9_000), shuffledNodes().subList(0, 1));
    };
  }

  private static Fault process(
      int number, Fault.Kind kind, long at, long millis, List<Integer> nodes) {
    return new Fault(number, kind, at, millis, nodes, List.of(), Link.Mode.PASS, 0);
  }

  private List<Integer> shuffledNodes() {
    List<Integer> all = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      all.add(node);
    }
    Collections.shuffle(all, random);
    return all;
  }

  /** Mostly one, at times so many that no majority is left, at times all. */
  private List<Integer> someNodes(boolean perhapsAll) {
    int dice = random.nextInt(20);
    int count = dice < 16 ? 1 : dice < 19 || !perhapsAll ? nodes / 2 + random.nextInt(2) : nodes;
    return shuffledNodes().subList(0, count);
  }

  private List<Fault.Direction> someLinks() {
    List<Integer> shuffled = shuffledNodes();
    int shape = random.nextInt(6);
    // A minority against the rest; the smallest one is a single node.
    int split = nodes == 5 && random.nextBoolean() ? 2 : 1;
    List<Fault.Direction> links = new ArrayList<>();
    for (int left : shuffled.subList(0, split)) {
      for (int right : shuffled.subList(split, nodes)) {
        Fault.Direction out = new Fault.Direction(left, right);
        Fault.Direction in = new Fault.Direction(right, left);
        switch (shape) {
          case 0, 1, 2 -> links.addAll(List.of(out, in));
          case 3 -> links.add(out);
          case 4 -> links.add(in);
          default -> {
            // One pair only: the others still reach both.
            if (links.isEmpty()) {
              links.add(out);
              if (random.nextBoolean()) {
                links.add(in);
              }
            }
          }
        }
      }
    }
    return links;
  }

  private long between(int min, int max) {
    return (long) min + random.nextInt(max - min);
  }
}
