package org.raftactors.testkit.actors;

import java.util.concurrent.Executor;

/**
 * The threads of one process that may block: each task begins after the time that the disk takes,
 * now and then a long time, and then does all it does at once. Ends with the process, whatever
 * still waits.
 */
final class BlockingThreads implements Executor {

  private final EventLoop loop;
  private final Disk disk;
  private final String lane;
  private boolean over;

  /**
   * Those of a process.
   *
   * @param lane of the process, which may be paused
   * @param disk that its tasks are busy with
   */
  BlockingThreads(EventLoop loop, String lane, Disk disk) {
    this.loop = loop;
    this.lane = lane;
    this.disk = disk;
  }

  @Override
  public void execute(Runnable task) {
    loop.after(disk.blockingNanos(), () -> disk.whenItWorks(() -> begin(task)));
  }

  private void begin(Runnable task) {
    loop.execute(
        lane,
        () -> {
          if (!over) {
            task.run();
          }
        });
  }

  /** The process is gone. */
  void end() {
    over = true;
  }
}
