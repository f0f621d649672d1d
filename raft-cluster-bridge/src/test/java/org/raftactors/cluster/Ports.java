package org.raftactors.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Rosters on ports of this machine that nobody uses. */
public final class Ports {

  private Ports() {}

  /** Node ids with free ports: all are held until each has one. */
  public static List<String> roster(String... ids) {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      List<String> roster = new ArrayList<>();
      for (String id : ids) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        roster.add(id + "@127.0.0.1:" + socket.getLocalPort());
      }
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      return roster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
