package org.raftactors.examples.benchmark;

import java.util.ArrayList;
import java.util.List;

/**
 * One thing to measure.
 *
 * @param payload bytes of a command
 * @param window proposals in flight
 */
record Cell(int payload, int window) {

  /**
   * Reads {@code PAYLOAD:WINDOW,...}.
   *
   * @throws IllegalArgumentException naming what is wrong
   */
  static List<Cell> parse(String text) {
    List<Cell> cells = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.matches("[0-9]{1,7}:[0-9]{1,7}")) {
        throw new IllegalArgumentException(
            "--cells has '" + part + "', but a cell is written PAYLOAD:WINDOW");
      }
      int colon = part.indexOf(':');
      Cell cell =
          new Cell(
              Integer.parseInt(part.substring(0, colon)),
              Integer.parseInt(part.substring(colon + 1)));
      if (cell.payload() < Sample.MIN_BYTES || cell.window() < 1) {
        throw new IllegalArgumentException(
            "--cells has '"
                + part
                + "', but a payload has at least "
                + Sample.MIN_BYTES
                + " bytes and a window at least 1");
      }
      cells.add(cell);
    }
    return cells;
  }
}
