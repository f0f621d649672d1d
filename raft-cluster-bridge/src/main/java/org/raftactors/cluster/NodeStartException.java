package org.raftactors.cluster;

/**
 * A node cannot take part as it is: a setting is wrong, its store cannot be opened, or its data is
 * not what its cluster knows it by. The message says what was found where, and what to do.
 */
public final class NodeStartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what is wrong and what to do
   */
  public NodeStartException(String message) {
    super(message);
  }

  /**
   * Creates an exception.
   *
   * @param message what is wrong and what to do
   * @param cause what led to it
   */
  public NodeStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
