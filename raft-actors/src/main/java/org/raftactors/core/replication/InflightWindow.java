package org.raftactors.core.replication;

import java.util.ArrayDeque;

/** What is on its way to one follower and not acknowledged, bounded in appends and in bytes. */
final class InflightWindow {

  private record Append(long lastIndex, long bytes) {}

  private final int maxAppends;
  private final long maxBytes;
  private final ArrayDeque<Append> appends = new ArrayDeque<>();
  private long bytes;

  InflightWindow(int maxAppends, long maxBytes) {
    this.maxAppends = maxAppends;
    this.maxBytes = maxBytes;
  }

  boolean hasRoom() {
    return appends.size() < maxAppends && bytes < maxBytes;
  }

  boolean isEmpty() {
    return appends.isEmpty();
  }

  long bytes() {
    return bytes;
  }

  void sent(long lastIndex, long size) {
    appends.add(new Append(lastIndex, size));
    bytes += size;
  }

  void acknowledged(long matchIndex) {
    while (!appends.isEmpty() && appends.getFirst().lastIndex() <= matchIndex) {
      bytes -= appends.removeFirst().bytes();
    }
  }

  void clear() {
    appends.clear();
    bytes = 0;
  }
}
