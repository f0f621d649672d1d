package org.raftactors.examples.benchmark;

import java.nio.file.Path;
import java.util.List;

/**
 * The command line of the benchmark.
 *
 * @param scenario what is measured
 * @param cells the loads, in order
 * @param mode how operations reach the leader
 * @param readPercent how many of a hundred are reads
 * @param reads how fresh these are
 * @param rate operations a second, 0 for as many as possible
 * @param partitions how many partitions share the load
 * @param keys how many commands the state of a partition remembers
 * @param absence whether a follower is away before each cell is measured, and then comes back
 * @param entries how long the log is before a restart
 * @param classArchive whether restarted nodes find their classes in an archive
 * @param sync whether each commit is synced to disk
 * @param prewarmSeconds how long the cluster is loaded before the first cell
 * @param prewarmWindow operations in flight meanwhile
 * @param warmSeconds how long each cell is loaded before it is measured
 * @param measureSeconds how long it is measured
 * @param rounds how many clusters are measured, one after the other
 * @param peerCommand a command that is run after each of them, empty for none
 * @param chart where a chart is drawn, empty for none
 * @param dataDir where the nodes keep their logs
 * @param keep whether that is kept afterwards
 * @param jvm options for the JVMs of the nodes
 */
record Options(
    Scenario scenario,
    List<Cell> cells,
    Mode mode,
    int readPercent,
    Reads reads,
    long rate,
    int partitions,
    int keys,
    boolean absence,
    long entries,
    boolean classArchive,
    boolean sync,
    int prewarmSeconds,
    int prewarmWindow,
    int warmSeconds,
    int measureSeconds,
    int rounds,
    String peerCommand,
    Path chart,
    Path dataDir,
    boolean keep,
    List<String> jvm) {

  static final String USAGE =
      """
      Usage: benchmark [--scenario load|failover|restart|idle] [--cells PAYLOAD:WINDOW,...]
                       [--mode embedded|client|http] [--reads PERCENT] [--read-level LEVEL]
                       [--rate N] [--partitions N] [--keys N] [--absence] [--entries N]
                       [--class-archive] [--sync on|off] [--prewarm SECONDS] [--prewarm-window N] [--warm SECONDS]
                       [--measure SECONDS] [--rounds N] [--peer-command CMD] [--chart FILE]
                       [--data-dir DIR] [--keep] [-D...|-X...]

      Starts three nodes on this machine, each in a JVM of its own, and measures. Prints one line of
      JSON per figure on stdout, and how it goes on stderr; lines of kind "prewarm" are no results.

        --scenario load      operations a second and their latency, for each cell, all partitions led
                             by the first node (the default)
        --scenario failover  the leader is killed under load: until the others commit, and until a
                             client on one of them has something committed; with --cells (one),
                             --keys, and --prewarm for how long the load runs before
        --scenario restart   the nodes are stopped with a log and no snapshot, and started: until all
                             is applied; with --cells (one), --keys, --entries and
                             --class-archive
        --scenario idle      processors and memory while nothing happens; with --warm and --measure

      An option that would have no effect is refused.

        --cells LIST        payload in bytes and operations in flight (256:1,256:64,256:1024; to fail
                            over 256:64, to restart 256:1024)
        --mode M            embedded: messages to the partitions from inside the leader's JVM; client:
                            a RaftClient there; http: requests from another JVM (embedded)
        --reads PERCENT     how many of the operations are reads, 0 to 100 (0)
        --read-level LEVEL  linearizable or stale (linearizable)
        --rate N            operations a second, each begun when its time has come, and its latency
                            counted from then, so that a stall shows with all it delays (0: as many as
                            the window lets through; "corrected" figures estimate the same)
        --partitions N      partitions that share the load (1)
        --keys N            a state of so many commands, the latest, in each partition (0: a checksum only)
        --absence           the third node is killed before a cell's warm-up and comes back when it is
                            measured; the line says after how many seconds it had what it had missed
        --entries N         length of the log before a restart (1000000)
        --class-archive     nodes leave an archive of their classes when they stop, and have it when
                            they are restarted, as the README advises for services
        --sync on|off       off: commits are not synced, and a power cut loses them (on)
        --prewarm SECONDS   load before the first cell, for the JIT compilers (45)
        --prewarm-window N  operations in flight meanwhile (256)
        --warm SECONDS      load before a cell is measured (10)
        --measure SECONDS   how long a cell, or the idle cluster, is measured (15)
        --rounds N          so many times from the beginning, each with a new cluster (1)
        --peer-command CMD  a command that is run after each round, with {cells}, {partitions},
                            {prewarm}, {prewarm-window}, {warm}, {measure} and {entries} replaced; its
                            lines of JSON of the same form are printed, and lines of kind "ratio" compare
        --chart FILE        draws throughput against latency of all cells as SVG
        --data-dir DIR      where a new directory is made for what the nodes keep (that for temporary
                            files)
        --keep              do not delete that new directory afterwards
        -D..., -X...        for the JVMs of the nodes; a -Xmx of 1g is the default
      """;

  Options {
    cells = List.copyOf(cells);
    jvm = List.copyOf(jvm);
  }

  static Options parse(String... arguments) {
    return OptionsParser.parse(List.of(arguments));
  }

  Load load(Cell cell, int warm, int measure) {
    return load(cell, rate, warm, measure);
  }

  Load load(Cell cell, long atRate, int warm, int measure) {
    return new Load(cell, mode, readPercent, reads, atRate, warm, measure);
  }
}
