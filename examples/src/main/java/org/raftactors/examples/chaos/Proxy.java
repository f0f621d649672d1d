package org.raftactors.examples.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;

/**
 * Stands in front of one port of a node: listens at the address that the node advertises, and
 * connects to the one that it binds. Who connects is told by the address that the connection comes
 * from.
 */
final class Proxy implements AutoCloseable {

  private static final int BACKLOG = 100;

  private final ServerSocket server;
  private final InetSocketAddress target;
  private final Map<InetAddress, Link> links;

  /**
   * Starts to listen.
   *
   * @param listen where
   * @param target where the node listens
   * @param links by the address of the node that connects
   */
  Proxy(InetSocketAddress listen, InetSocketAddress target, Map<InetAddress, Link> links)
      throws IOException {
    this.server = new ServerSocket(listen.getPort(), BACKLOG, listen.getAddress());
    this.target = target;
    this.links = Map.copyOf(links);
    ProxiedConnection.start("accept", this::accept);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        Link link = links.get(socket.getInetAddress());
        if (link == null) {
          Link.reset(socket);
        } else if (link.admit(socket)) {
          new ProxiedConnection(socket, target, link).start();
        }
      } catch (IOException closed) {
        if (!server.isClosed()) {
          throw new IllegalStateException("the proxy of " + target + " accepts no more", closed);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** All of them. */
  static void close(List<Proxy> proxies) throws IOException {
    for (Proxy proxy : proxies) {
      proxy.close();
    }
  }
}
