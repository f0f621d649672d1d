package org.raftactors.examples.benchmark;

import java.util.List;

/**
 * The load that a generator is to make.
 *
 * @param cell how large and how many in flight at most
 * @param mode how it gets to the leader
 * @param readPercent how many of a hundred operations are reads
 * @param reads how fresh those are
 * @param rate operations a second, begun when their time has come whatever became of those before;
 *     0 for as many as the window lets through
 * @param warmSeconds how long it runs before it is measured
 * @param measureSeconds how long it is measured
 */
record Load(
    Cell cell,
    Mode mode,
    int readPercent,
    Reads reads,
    long rate,
    int warmSeconds,
    int measureSeconds) {

  /** As a command to a generator, of which {@link #parse} makes the same again. */
  String command() {
    return String.join(
        " ",
        "load",
        Integer.toString(cell.payload()),
        Integer.toString(cell.window()),
        mode.name(),
        Integer.toString(readPercent),
        reads.name(),
        Long.toString(rate),
        Integer.toString(warmSeconds),
        Integer.toString(measureSeconds));
  }

  static Load parse(List<String> words) {
    return new Load(
        new Cell(Integer.parseInt(words.get(1)), Integer.parseInt(words.get(2))),
        Mode.valueOf(words.get(3)),
        Integer.parseInt(words.get(4)),
        Reads.valueOf(words.get(5)),
        Long.parseLong(words.get(6)),
        Integer.parseInt(words.get(7)),
        Integer.parseInt(words.get(8)));
  }
}
