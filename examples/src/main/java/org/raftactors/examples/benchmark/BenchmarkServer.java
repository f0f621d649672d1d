package org.raftactors.examples.benchmark;

final class BenchmarkServer {
  static final String MARK = "@@ ";
  static final String NONE = "-";
}
