package org.raftactors.examples.chaos;

import static org.raftactors.examples.Arguments.integer;
import static org.raftactors.examples.Arguments.number;
import static org.raftactors.examples.Arguments.word;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.raftactors.examples.Arguments;

/**
 * The command line.
 *
 * @param nodes 3 or 5
 * @param seconds how long there is load and faults
 * @param faults what may happen to the nodes
 * @param snapshots how often partitions take snapshots, and how much of the log they keep
 * @param seed of the faults and of the load
 * @param report where to write the report; empty for none
 * @param dataDir where the nodes keep their logs; empty for a temporary directory
 * @param patienceSeconds how long nodes may take to come back, once all is well
 * @param keep whether that is kept afterwards also if all is well
 * @param script {@code kv-node}
 */
record ChaosOptions(
    int nodes,
    int seconds,
    Set<Fault.Kind> faults,
    Snapshots snapshots,
    long seed,
    Path report,
    Path dataDir,
    int patienceSeconds,
    boolean keep,
    Path script) {

  static final Path NONE = Path.of("");

  /** What the partitions are told about snapshots. */
  enum Snapshots {
    /** What everybody has who says nothing. */
    USUAL,

    /** Each after a few seconds, and next to nothing kept of the log: who was away gets one. */
    EAGER;

    private static final String PREFIX = "raft-actors.partition.";

    /** For the JVM of a node, each as {@code key=value}. */
    List<String> settings() {
      return switch (this) {
        case USUAL -> List.of();
        case EAGER ->
            List.of(
                PREFIX + "snapshot-after-entries=200",
                PREFIX + "snapshot-growth=0",
                PREFIX + "snapshot-every-bytes=1MiB",
                PREFIX + "log-kept-entries=20",
                PREFIX + "log-kept-bytes=16KiB",
                PREFIX + "log-kept-for-followers-bytes=16KiB",
                PREFIX + "compare-state-every=100");
      };
    }
  }

  private static final String PROGRAM = "chaos";

  static final String USAGE =
      """
      Usage: chaos [--nodes 3|5] [--seconds N] [--faults LIST] [--snapshots usual|eager] [--seed N]
                   [--report FILE] [--data-dir DIR] [--patience N] [--keep]

      Starts nodes of the key-value service on this machine, strikes them at random under load, and
      then checks all that the clients were told: linearizability of each key, one log per partition
      that explains every answer, nothing acknowledged lost, nothing applied twice, stale reads within
      their bound, one leader per term, an answer to every request in time, and equal replicas.

        --nodes N        3 or 5 (3)
        --seconds N      how long load and faults last, 10 to 86400 (60)
        --faults LIST    of kill, terminate, pause, cut, slow, damage and full, with commas between
                         (the first five). damage: a killed node's files are damaged, of one node of
                         three, two of five. full: a node's disk fills up; each gets a small one of
                         its own, for which this program needs the right to mount
        --snapshots S    usual: the defaults; eager: a snapshot every 200 entries of a partition, and
                         hardly any log kept, so that whoever was away is sent one (usual)
        --seed N         repeats a schedule of faults and a load; process timing stays real (by the clock)
        --report FILE    writes a page with a timeline of faults, leaders, operations and latencies
        --data-dir DIR   where the nodes keep their data and logs (a temporary directory)
        --patience N     how many seconds nodes may take to come back once all is well (120); more
                         for a machine that has much else to do
        --keep           do not delete that afterwards

      The last line on stdout is one JSON object. Exit status: 0 all is well, 1 a violation was
      found, 2 inconclusive, for instance because too little succeeded, 64 bad command line.
      Needs Linux: every node gets addresses of its own from 127.0.0.0/8.
      """;

  ChaosOptions {
    faults = Set.copyOf(faults);
  }

  static ChaosOptions parse(Path script, String... arguments) {
    Builder builder = new Builder();
    Arguments.read(PROGRAM, Set.of("--keep"), List.of(arguments), builder::set);
    return new ChaosOptions(
        builder.nodes,
        builder.seconds,
        builder.faults,
        builder.snapshots,
        builder.seed,
        builder.report,
        builder.dataDir,
        builder.patienceSeconds,
        builder.keep,
        script);
  }

  private static final class Builder {
    private int nodes = 3;
    private int seconds = 60;
    private Set<Fault.Kind> faults = Fault.Kind.usual();
    private Snapshots snapshots = Snapshots.USUAL;
    private long seed = System.nanoTime();
    private Path report = NONE;
    private Path dataDir = NONE;
    private int patienceSeconds = 120;
    private boolean keep;

    void set(String name, String value) {
      switch (name) {
        case "--keep" -> keep = true;
        case "--nodes" -> {
          nodes = integer(name, value, 3, 5);
          if (nodes == 4) {
            throw new IllegalArgumentException("--nodes is '4', but must be 3 or 5");
          }
        }
        case "--seconds" -> seconds = integer(name, value, 10, 86_400);
        case "--patience" -> patienceSeconds = integer(name, value, 10, 3_600);
        case "--seed" -> seed = number(name, value, 0, Long.MAX_VALUE);
        case "--faults" -> faults = faults(value);
        case "--snapshots" -> snapshots = word(name, value, Snapshots.class);
        case "--report" -> report = Path.of(value).toAbsolutePath();
        case "--data-dir" -> dataDir = Path.of(value).toAbsolutePath();
        default -> throw Arguments.unknown(PROGRAM, name);
      }
    }

    private static Set<Fault.Kind> faults(String value) {
      Set<Fault.Kind> kinds = EnumSet.noneOf(Fault.Kind.class);
      for (String name : value.split(",", -1)) {
        try {
          kinds.add(Fault.Kind.valueOf(name.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "--faults has '"
                  + name
                  + "', but there are kill, terminate, pause, cut, slow, damage and full",
              e);
        }
      }
      return kinds;
    }
  }
}
