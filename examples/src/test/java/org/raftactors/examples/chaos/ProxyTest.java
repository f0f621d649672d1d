package org.raftactors.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.raftactors.examples.process.FreePorts;

/** Two nodes connect to a third, which sends back whatever it gets. */
class ProxyTest {

  private static final int CEILING_MILLIS = 60_000;

  private final int port = FreePorts.find(1).get(0);
  private final InetSocketAddress advertised = new InetSocketAddress("127.0.1.3", port);
  private final InetSocketAddress bound = new InetSocketAddress("127.0.2.3", port);
  private final Link first = new Link();
  private final Link second = new Link();
  private ServerSocket node;
  private Proxy proxy;

  @BeforeEach
  void start() throws IOException {
    node = new ServerSocket(port, 10, bound.getAddress());
    proxy = new Proxy(advertised, bound, Map.of(address(1), first, address(2), second));
    ProxiedConnection.start("echo", this::echo);
  }

  private void echo() {
    try {
      while (true) {
        Socket socket = node.accept();
        ProxiedConnection.start(
            "echo",
            () -> {
              try (socket) {
                var unused = socket.getInputStream().transferTo(socket.getOutputStream());
              } catch (IOException reset) {
                // That is what some of the tests do.
              }
            });
      }
    } catch (IOException closed) {
      // The end of the test.
    }
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    node.close();
  }

  private static InetAddress address(int number) throws IOException {
    return InetAddress.getByName("127.0.2." + number);
  }

  private Socket connect(int from) throws IOException {
    Socket socket = new Socket(advertised.getAddress(), port, address(from), 0);
    socket.setSoTimeout(CEILING_MILLIS);
    return socket;
  }

  private static int exchange(Socket socket, int value) throws IOException {
    socket.getOutputStream().write(value);
    return socket.getInputStream().read();
  }

  @Test
  void when_nothingIsImposed_then_bytesPass() throws IOException {
    try (Socket socket = connect(1)) {
      assertThat(exchange(socket, 42)).isEqualTo(42);
      assertThat(first.affected()).isZero();
    }
  }

  @Test
  void when_bytesFallIntoABlackHole_then_theyArriveAfterwards_andOthersAreNotConcerned()
      throws IOException {
    try (Socket socket = connect(1);
        Socket other = connect(2)) {
      assertThat(exchange(socket, 1)).isEqualTo(1);
      first.impose(1, Link.Mode.BLACK_HOLE, 0);
      socket.setSoTimeout(300);
      assertThatThrownBy(() -> exchange(socket, 2)).isInstanceOf(SocketTimeoutException.class);
      try (Socket fresh = connect(1)) {
        fresh.setSoTimeout(300);
        assertThatThrownBy(() -> exchange(fresh, 3)).isInstanceOf(SocketTimeoutException.class);
        assertThat(exchange(other, 4)).isEqualTo(4);
        first.lift(1);
        fresh.setSoTimeout(CEILING_MILLIS);
        assertThat(fresh.getInputStream().read()).isEqualTo(3);
      }
      socket.setSoTimeout(CEILING_MILLIS);
      assertThat(socket.getInputStream().read()).isEqualTo(2);
      assertThat(first.affected()).isPositive();
      assertThat(second.affected()).isZero();
    }
  }

  @Test
  void when_connectionsAreSevered_then_oldAndNewOnesAreReset() throws IOException {
    try (Socket socket = connect(1);
        Socket other = connect(2)) {
      assertThat(exchange(socket, 1)).isEqualTo(1);
      first.impose(1, Link.Mode.SEVER, 0);
      assertBroken(socket);
      assertBroken(connect(1));
      assertThat(exchange(other, 2)).isEqualTo(2);
      assertThat(first.affected()).isGreaterThanOrEqualTo(2);
    }
    first.lift(1);
    try (Socket again = connect(1)) {
      assertThat(exchange(again, 3)).isEqualTo(3);
    }
  }

  private static void assertBroken(Socket socket) throws IOException {
    try (socket) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException reset) {
      assertThat(reset).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void when_faultsOverlap_then_theWorstOneCounts_untilItIsLifted() throws IOException {
    try (Socket socket = connect(1)) {
      first.impose(1, Link.Mode.SLOW, 20);
      first.impose(2, Link.Mode.BLACK_HOLE, 0);
      first.lift(1);
      socket.setSoTimeout(300);
      assertThatThrownBy(() -> exchange(socket, 1)).isInstanceOf(SocketTimeoutException.class);
      first.impose(3, Link.Mode.SLOW, 20);
      first.lift(2);
      socket.setSoTimeout(CEILING_MILLIS);
      assertThat(socket.getInputStream().read()).isEqualTo(1);
      assertThat(exchange(socket, 2)).isEqualTo(2);
    }
  }

  @Test
  void when_aStrangerConnects_then_itIsReset() throws IOException {
    assertBroken(new Socket(advertised.getAddress(), port, InetAddress.getByName("127.0.2.9"), 0));
  }
}
