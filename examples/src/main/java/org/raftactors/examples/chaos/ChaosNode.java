package org.raftactors.examples.chaos;

import java.io.IOException;
import java.util.Optional;
import org.raftactors.examples.process.NodeProcess;

/**
 * A node under faults that may overlap: it is started again when the last one that keeps it down is
 * over. Thread-safe by its monitor, which is held while a signal is sent, but not while a node
 * takes its time to stop.
 */
final class ChaosNode {

  final NodeProcess process;
  private int down;
  private int paused;

  ChaosNode(NodeProcess process) {
    this.process = process;
  }

  synchronized void start() throws IOException {
    process.start();
  }

  /** SIGKILL; what came of it. */
  synchronized Strike.Effect kill() throws InterruptedException {
    down++;
    if (!process.isAlive()) {
      return Strike.Effect.none(process.id() + " was down already");
    }
    process.kill();
    return Strike.Effect.full(process.id() + " killed");
  }

  /** SIGTERM; what came of it is known when the node has ended. */
  Strike.Effect terminate() throws InterruptedException {
    synchronized (this) {
      down++;
      if (!process.isAlive()) {
        return Strike.Effect.none(process.id() + " was down already");
      }
    }
    int status = process.terminate();
    return Strike.Effect.full(process.id() + " ended with " + status);
  }

  /** What kept it down is over. */
  synchronized void mayRun() throws IOException {
    down--;
    if (down == 0 && !process.isAlive()) {
      process.start();
    }
  }

  /** SIGSTOP; what came of it is seen when it is over. */
  synchronized Strike.Effect pause() throws IOException, InterruptedException {
    paused++;
    if (!process.isAlive()) {
      return Strike.Effect.none(process.id() + " was down");
    }
    process.pause();
    return Strike.Effect.none(process.id() + " stopped");
  }

  /** SIGCONT, unless another fault wants it to stand still; whether it did stand still. */
  synchronized Strike.Effect goOn() throws IOException, InterruptedException {
    paused--;
    boolean stoodStill = process.standsStill();
    if (paused == 0 && process.isAlive()) {
      process.goOn();
    }
    return new Strike.Effect(
        stoodStill,
        process.id() + (stoodStill ? " stood still until the end" : " was down or ran"));
  }

  /** As a supervisor would: starts what has ended by itself, and returns its exit status. */
  synchronized Optional<Integer> supervise() throws IOException, InterruptedException {
    if (down > 0 || process.isAlive()) {
      return Optional.empty();
    }
    int status = process.awaitExit();
    process.start();
    return Optional.of(status);
  }

  @Override
  public String toString() {
    return process.id();
  }
}
