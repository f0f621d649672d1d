package org.raftactors.examples.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.raftactors.examples.process.NodeProcess;

/**
 * A node under faults that may overlap: it is started again when the last one that keeps it down is
 * over. Thread-safe by its monitor, which is held while a signal is sent, but not while a node
 * takes its time to stop.
 *
 * <p>One whose files were damaged may refuse to run with them, once it has said so. Then it is
 * lost, and nobody starts it again.
 */
final class ChaosNode {

  private static final int START_AGAIN = 75;

  final NodeProcess process;
  private final Path home;
  private final @Nullable SmallDisk disk;
  private int down;
  private int paused;
  private int soundLines = Integer.MAX_VALUE;
  private @Nullable String lost;

  /**
   * A node.
   *
   * @param process of it
   * @param home where it has all its files
   * @param disk which that is on, null if it shares one
   */
  ChaosNode(NodeProcess process, Path home, @Nullable SmallDisk disk) {
    this.process = process;
    this.home = home;
    this.disk = disk;
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

  /** SIGKILL, and then damage; what came of it. */
  synchronized Strike.Effect damage(Random random) throws IOException, InterruptedException {
    String killed = kill().text();
    List<String> done = Damage.strike(home, random);
    if (done.isEmpty()) {
      return Strike.Effect.none(killed + ", there was nothing to damage");
    }
    soundLines = Math.min(soundLines, NodeLogs.lines(process).size());
    return Strike.Effect.full(killed + ", " + String.join(", ", done));
  }

  /** Leaves hardly any room on its disk, or none. */
  synchronized Strike.Effect fill(long leave) throws IOException {
    SmallDisk full = disk;
    if (full == null) {
      throw new IllegalStateException(process.id() + " has no disk of its own");
    }
    return Strike.Effect.full(full.fill(leave) + " bytes left to " + process.id());
  }

  /** There is room again. */
  synchronized void free() throws IOException {
    if (disk != null) {
      disk.free();
    }
  }

  /** Ends it for good, and saves what it has from a disk that goes with the cluster. */
  synchronized void keep() throws IOException, InterruptedException {
    if (process.isAlive()) {
      process.kill();
    }
    if (disk != null) {
      disk.copyTo(home.resolveSibling(home.getFileName() + "-kept"));
    }
  }

  /** How many lines its log had when its files were damaged; above all that it has if never. */
  synchronized int soundLines() {
    return soundLines;
  }

  synchronized boolean isDamaged() {
    return soundLines < Integer.MAX_VALUE;
  }

  /** Why it does not run any more, null if it does. */
  synchronized @Nullable String lost() {
    return lost;
  }

  /** What kept it down is over. */
  synchronized void mayRun() throws IOException {
    down--;
    if (down == 0 && lost == null && !process.isAlive()) {
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
    if (down > 0 || lost != null || process.isAlive()) {
      return Optional.empty();
    }
    int status = process.awaitExit();
    if (isDamaged() && status != START_AGAIN) {
      lost = NodeLogs.refusal(NodeLogs.lines(process)).orElse(null);
      if (lost != null) {
        return Optional.empty();
      }
    }
    process.start();
    return Optional.of(status);
  }

  @Override
  public String toString() {
    return process.id();
  }
}
