package org.raftactors.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Rosters on ports of this machine that nobody uses: below the range from which systems take the
 * local ports of outgoing connections, and for each JVM that runs tests from a range of its own.
 * Otherwise somebody could take the port of a node that is down for a moment.
 */
public final class Ports {

  private static final int FIRST = 15_000;
  private static final int FOR_EACH_JVM = 3_500;
  private static final int FROM = FIRST + Integer.getInteger("test.fork", 0) % 4 * FOR_EACH_JVM;

  private Ports() {}

  /** Node ids with free ports. */
  public static List<String> roster(String... ids) {
    List<Integer> ports = new ArrayList<>();
    for (int attempt = 0; attempt < 1000 && ports.size() < ids.length; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FROM, FROM + FOR_EACH_JVM);
      if (!ports.contains(port) && isFree(port)) {
        ports.add(port);
      }
    }
    if (ports.size() < ids.length) {
      throw new IllegalStateException("too few free ports from " + FROM);
    }
    List<String> roster = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      roster.add(ids[i] + "@127.0.0.1:" + ports.get(i));
    }
    return roster;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException taken) {
      return false;
    }
  }
}
