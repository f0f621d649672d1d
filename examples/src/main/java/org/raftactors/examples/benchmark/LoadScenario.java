package org.raftactors.examples.benchmark;

import static org.raftactors.examples.Arguments.wordOf;
import static org.raftactors.examples.benchmark.Results.thousandths;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** Cell by cell: how many operations a second, how long each takes, and what they cost. */
final class LoadScenario {

  /** What the machine and the nodes say at one moment. */
  private record Reading(double cpu, double busy, List<Figures> figures, List<Long> writtenBytes) {}

  private final Options options;
  private final BenchmarkCluster cluster;
  private final Results results;
  private long electionMillis;

  LoadScenario(Options options, BenchmarkCluster cluster, Results results) {
    this.options = options;
    this.cluster = cluster;
    this.results = results;
  }

  /** False if the replicas do not agree in the end. */
  boolean run() throws Exception {
    electionMillis = cluster.awaitReady();
    boolean good = true;
    if (options.prewarmSeconds() > 0) {
      Cell first = new Cell(options.cells().get(0).payload(), options.prewarmWindow());
      good = cell("prewarm", options.load(first, 0, options.prewarmSeconds()));
    }
    for (Cell cell : options.cells()) {
      good &= cell("bench", options.load(cell, options.warmSeconds(), options.measureSeconds()));
    }
    return good;
  }

  private boolean cell(String kind, Load load) throws Exception {
    List<BenchmarkCluster.Status> leaders = cluster.gatherLeaders();
    ServerProcess generator = cluster.generator();
    if (options.absence()) {
      cluster.killLast();
    }
    Progress progress = new Progress(kind, load);
    generator.load(load);
    generator.await("from", load.warmSeconds() + 60, progress);
    Reading before = read();
    double caughtUp = options.absence() ? cluster.startLastAgain() : 0;
    generator.await("until", load.measureSeconds() + 60, progress);
    Reading after = read();
    List<String> words = generator.await("result", 120);
    Histogram writes = histogram(words.get(2));
    Histogram reads = histogram(words.get(3));
    List<Long> memory = cluster.residentMib();
    boolean agree = cluster.replicasAgree();

    ObjectNode line = Results.line(kind, options);
    line.put("election_ms", electionMillis).put("mode", wordOf(load.mode()));
    array(line, "leaders", leaders, BenchmarkCluster.Status::leads);
    line.put("payload", load.cell().payload())
        .put("window", load.cell().window())
        .put("rate", load.rate())
        .put("prewarm_s", options.prewarmSeconds())
        .put("warm_s", load.warmSeconds())
        .put("measure_s", load.measureSeconds());
    latencies(line, load, writes, reads);
    line.put("errors", Long.parseLong(words.get(1)));
    costs(line, load, before, after, writes.getTotalCount() + reads.getTotalCount());
    if (options.absence()) {
      line.put("caught_up_s", thousandths(caughtUp));
    } else {
      perReplica(line, load, before, after, writes.getTotalCount());
    }
    array(line, "ops_s_per_5s", progress.rates(), Long::longValue);
    array(line, "rss_mb", memory, Long::longValue);
    array(line, "disk_mb", cluster.diskMib(), Long::longValue);
    line.put("applied_total", cluster.statuses().get(0).applied()).put("replicas_agree", agree);
    results.add(line);
    boolean measured = kind.equals("prewarm") || succeeded(load, words, writes, reads);
    return agree && measured;
  }

  /** Failed operations are in the figures; but where none succeeded, nothing was measured. */
  private static boolean succeeded(
      Load load, List<String> words, Histogram writes, Histogram reads) {
    long errors = Long.parseLong(words.get(1));
    if (errors > 0) {
      System.err.printf(
          "benchmark: %,d operations failed with %d bytes and %d in flight%n",
          errors, load.cell().payload(), load.cell().window());
    }
    boolean none = writes.getTotalCount() + reads.getTotalCount() == 0;
    if (none) {
      System.err.println("benchmark: no operation succeeded within the measured time");
    }
    return !none;
  }

  private Reading read() throws IOException, InterruptedException {
    return new Reading(
        cluster.cpuSeconds(), Machine.busySeconds(), cluster.figures(), cluster.writtenBytes());
  }

  private static void latencies(ObjectNode line, Load load, Histogram writes, Histogram reads) {
    Histogram all = writes.copy();
    all.add(reads);
    double perSecond = (double) all.getTotalCount() / load.measureSeconds();
    line.put("ops_s", Math.round(perSecond));
    percentiles(line, "", all);
    if (load.rate() == 0 && perSecond > 0) {
      // In a stall a window begins no others: as if they had come as evenly as they do otherwise.
      long interval = Math.max(1, (long) (1e9 * load.cell().window() / perSecond));
      line.put("p99_corrected_us", micros(all.copyCorrectedForCoordinatedOmission(interval), 99));
    }
    if (load.readPercent() > 0) {
      line.put("reads_percent", load.readPercent()).put("read_level", wordOf(load.reads()));
      percentiles(line, "read_", reads);
      percentiles(line, "write_", writes);
    }
  }

  private static void percentiles(ObjectNode line, String prefix, Histogram histogram) {
    if (histogram.getTotalCount() == 0) {
      return;
    }
    line.put(prefix + "p50_us", micros(histogram, 50))
        .put(prefix + "p99_us", micros(histogram, 99))
        .put(prefix + "p999_us", micros(histogram, 99.9))
        .put(prefix + "max_us", histogram.getMaxValue() / 1000);
  }

  private static long micros(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / 1000;
  }

  private static void costs(
      ObjectNode line, Load load, Reading before, Reading after, long operations) {
    double cpu = after.cpu() - before.cpu();
    double busy = after.busy() - before.busy();
    line.put("cpu_cores", thousandths(cpu / load.measureSeconds()))
        .put("other_cpu_cores", thousandths(Math.max(0, busy - cpu) / load.measureSeconds()));
    if (operations > 0) {
      line.put("cpu_s_per_1000", thousandths(cpu * 1e6 / operations) / 1000);
    }
  }

  private static void perReplica(
      ObjectNode line, Load load, Reading before, Reading after, long writes) {
    ArrayNode gc = line.putArray("gc_ms");
    List<Figures> all = new ArrayList<>();
    for (int i = 0; i < after.figures().size(); i++) {
      all.add(after.figures().get(i).since(before.figures().get(i)));
      gc.add(all.get(i).gcMillis());
    }
    if (writes == 0) {
      return;
    }
    ArrayNode events = line.putArray("events_per_1000");
    ArrayNode syncs = line.putArray("syncs_per_1000");
    ArrayNode micros = line.putArray("sync_us");
    ArrayNode bytes = line.putArray("written_per_user_byte");
    for (int i = 0; i < all.size(); i++) {
      double written = after.writtenBytes().get(i) - before.writtenBytes().get(i);
      events.add(thousandths(all.get(i).events() * 1000.0 / writes));
      syncs.add(thousandths(all.get(i).syncs() * 1000.0 / writes));
      micros.add(all.get(i).writeMicros() / Math.max(1, all.get(i).syncs()));
      bytes.add(thousandths(written / (writes * load.cell().payload())));
    }
  }

  private static <T> void array(
      ObjectNode line, String name, List<T> values, ToLongFunction<T> figure) {
    ArrayNode array = line.putArray(name);
    values.forEach(value -> array.add(figure.applyAsLong(value)));
  }

  private static Histogram histogram(String encoded) throws DataFormatException {
    return Histogram.decodeFromCompressedByteBuffer(
        ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
  }
}
