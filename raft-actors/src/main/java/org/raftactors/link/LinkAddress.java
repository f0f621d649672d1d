package org.raftactors.link;

/**
 * Where an actor system takes replication links, as replicas tell each other over Pekko's remoting.
 *
 * @param host that others reach
 * @param port that others reach, 1 to 65535
 * @param tokenHigh what whoever links must know: random, of this run of the actor system
 * @param tokenLow its other half
 */
public record LinkAddress(String host, int port, long tokenHigh, long tokenLow) {

  private static final int MAX_PORT = 65535;

  /**
   * Checks the port.
   *
   * @throws IllegalArgumentException if it is none
   */
  public LinkAddress {
    if (!isPort(port)) {
      throw new IllegalArgumentException("port " + port);
    }
  }

  /**
   * Whether a number can be the port of an address.
   *
   * @param port any number
   * @return whether it is 1 to 65535
   */
  public static boolean isPort(int port) {
    return port > 0 && port <= MAX_PORT;
  }

  /** Without the token, which is a secret. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
