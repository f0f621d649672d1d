package org.raftactors.examples.benchmark;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.raftactors.persistence.rocksdb.RocksDbCounters;

/**
 * What a node has done since it started.
 *
 * @param gcMillis time in collections
 * @param events written to the journal, each with all that had gathered
 * @param syncs of the write-ahead log
 * @param writeMicros time in writes and syncs
 */
record Figures(long gcMillis, long events, long syncs, long writeMicros) {

  static Figures of(RocksDbCounters counters) {
    long gc = 0;
    for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
      gc += Math.max(0, each.getCollectionTime());
    }
    return new Figures(gc, counters.records(), counters.syncs(), counters.writeNanos() / 1000);
  }

  String line() {
    return "figures " + gcMillis + " " + events + " " + syncs + " " + writeMicros;
  }

  static Figures parse(List<String> words) {
    return new Figures(
        Long.parseLong(words.get(1)),
        Long.parseLong(words.get(2)),
        Long.parseLong(words.get(3)),
        Long.parseLong(words.get(4)));
  }

  Figures since(Figures before) {
    return new Figures(
        gcMillis - before.gcMillis,
        events - before.events,
        syncs - before.syncs,
        writeMicros - before.writeMicros);
  }
}
