package org.raftactors.testkit.simulation.plan;

import java.util.SplittableRandom;

/**
 * One generator for each concern, all from one seed: what one of them is asked for does not change
 * what the others answer.
 */
public final class Seeds {

  /** Of the parameters. */
  public static final int PARAMETERS = 0;

  /** Of the faults. */
  public static final int NEMESIS = 1;

  /** Of the clients' operations. */
  public static final int WORKLOAD = 2;

  /** Of the end of the schedule. */
  public static final int ENDING = 3;

  /** Of what is decided about snapshots. */
  public static final int SNAPSHOTS = 4;

  private static final int CLIENTS = 10;
  private static final int CORES = 100;
  private static final int DISKS = 200;
  private static final int PROCESSES = 300;
  private static final int FILES = 400;
  private static final int LINKS = 1_000;
  private static final int REPLICAS_MAX = 64;

  private final long seed;

  /**
   * The generators of a schedule.
   *
   * @param seed of the schedule
   */
  public Seeds(long seed) {
    this.seed = seed;
  }

  /**
   * A generator.
   *
   * @param concern one of the constants
   * @return at its beginning
   */
  public SplittableRandom generator(int concern) {
    // Two rounds, so that neighbouring seeds and concerns have nothing in common.
    SplittableRandom first = new SplittableRandom(seed + 0x632BE59BD9B4E019L * concern);
    return new SplittableRandom(first.nextLong());
  }

  /**
   * The generator of a client and of the way to it.
   *
   * @param client its number
   * @return at its beginning
   */
  public SplittableRandom client(int client) {
    return generator(CLIENTS + client);
  }

  /**
   * The generator that a replica's core draws from.
   *
   * @param replica its number
   * @return at its beginning
   */
  public SplittableRandom core(int replica) {
    return generator(CORES + replica);
  }

  /**
   * The generator of a replica's disk.
   *
   * @param replica its number
   * @return at its beginning
   */
  public SplittableRandom disk(int replica) {
    return generator(DISKS + replica);
  }

  /**
   * The generator of a replica's process and clock.
   *
   * @param replica its number
   * @return at its beginning
   */
  public SplittableRandom process(int replica) {
    return generator(PROCESSES + replica);
  }

  /**
   * The generator of a replica's snapshots.
   *
   * @param replica its number
   * @return at its beginning
   */
  public SplittableRandom files(int replica) {
    return generator(FILES + replica);
  }

  /**
   * The generator of one direction between two replicas.
   *
   * @param from the sender's number
   * @param to the receiver's number
   * @return at its beginning
   */
  public SplittableRandom link(int from, int to) {
    return generator(LINKS + REPLICAS_MAX * from + to);
  }
}
