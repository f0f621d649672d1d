package org.raftactors.testkit.actors;

import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import org.jspecify.annotations.Nullable;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/**
 * Pekko's scheduler on virtual time. Since Pekko makes it first of all and shows it to everything
 * else that it makes, it is also where dispatchers and plugins find the simulation that they are
 * in.
 */
public final class VirtualScheduler extends AbstractScheduler {

  private static final double MAX_FREQUENCY = 1e9;

  private final EventLoop loop;
  private final Disks disks;

  /**
   * Called by Pekko.
   *
   * @param config not needed
   * @param log not needed
   * @param threads makes the thread that runs things between runs
   */
  public VirtualScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {
    this.loop = new EventLoop(threads);
    this.disks = new Disks(loop);
  }

  EventLoop loop() {
    return loop;
  }

  Disks disks() {
    return disks;
  }

  @Override
  public Cancellable scheduleOnce(
      FiniteDuration delay, Runnable runnable, ExecutionContext executor) {
    EventLoop.Timer timer = loop.after(delay.toNanos(), () -> executor.execute(runnable));
    return new Cancellable() {
      @Override
      public boolean cancel() {
        return timer.cancel();
      }

      @Override
      public boolean isCancelled() {
        return timer.isOver();
      }
    };
  }

  @Override
  @SuppressWarnings("deprecation") // Pekko's own scheduleAtFixedRate ends here
  public Cancellable schedule(
      FiniteDuration initialDelay,
      FiniteDuration interval,
      Runnable runnable,
      ExecutionContext executor) {
    Repeated repeated = new Repeated(interval.toNanos(), runnable, executor);
    repeated.next(initialDelay.toNanos());
    return repeated;
  }

  @Override
  public double maxFrequency() {
    return MAX_FREQUENCY;
  }

  private final class Repeated implements Cancellable {
    private final long interval;
    private final Runnable runnable;
    private final ExecutionContext executor;
    private EventLoop.@Nullable Timer timer;
    private boolean cancelled;

    private Repeated(long interval, Runnable runnable, ExecutionContext executor) {
      this.interval = interval;
      this.runnable = runnable;
      this.executor = executor;
    }

    private void next(long delay) {
      timer =
          loop.after(
              delay,
              () -> {
                executor.execute(runnable);
                if (!cancelled) {
                  next(interval);
                }
              });
    }

    @Override
    public boolean cancel() {
      boolean was = cancelled;
      cancelled = true;
      if (timer != null) {
        timer.cancel();
      }
      return !was;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }
  }
}
