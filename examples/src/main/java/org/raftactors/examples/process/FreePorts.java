package org.raftactors.examples.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Ports to listen on. Below the range from which systems take the local ports of outgoing
 * connections: otherwise one of those could take the port of a node that is down for a moment.
 */
public final class FreePorts {

  private FreePorts() {}

  /**
   * Finds some.
   *
   * @param count how many
   * @return different ones
   */
  public static List<Integer> find(int count) {
    List<Integer> found = new ArrayList<>();
    for (int attempt = 0; attempt < 1000 && found.size() < count; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(15_000, 30_000);
      if (!found.contains(port) && isFree(port)) {
        found.add(port);
      }
    }
    if (found.size() < count) {
      throw new IllegalStateException("no " + count + " free ports between 15000 and 30000");
    }
    return found;
  }

  /**
   * Finds ports in a row.
   *
   * @param count how many
   * @param from the lowest
   * @param to above the highest
   * @return the first of them
   */
  public static int findBlock(int count, int from, int to) {
    for (int attempt = 0; attempt < 1000; attempt++) {
      int first = ThreadLocalRandom.current().nextInt(from, to - count);
      if (IntStream.range(first, first + count).allMatch(FreePorts::isFree)) {
        return first;
      }
    }
    throw new IllegalStateException("no " + count + " free ports from " + from + " to " + to);
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
