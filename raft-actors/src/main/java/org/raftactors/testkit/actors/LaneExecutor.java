package org.raftactors.testkit.actors;

import com.typesafe.config.Config;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ExecutorServiceConfigurator;
import org.apache.pekko.dispatch.ExecutorServiceFactory;

/**
 * What a dispatcher of the simulated system has instead of threads: its tasks wait in the event
 * loop, on a lane that has the dispatcher's name and can be paused.
 */
final class LaneExecutor extends AbstractExecutorService {

  /** How Pekko makes it. */
  public static final class Configurator extends ExecutorServiceConfigurator {
    private final EventLoop loop;

    /**
     * Called by Pekko.
     *
     * @param config of the dispatcher
     * @param prerequisites know the scheduler and so the simulation
     */
    public Configurator(Config config, DispatcherPrerequisites prerequisites) {
      super(config, prerequisites);
      this.loop = ((VirtualScheduler) prerequisites.scheduler()).loop();
    }

    @Override
    public ExecutorServiceFactory createExecutorServiceFactory(String id, ThreadFactory threads) {
      return () -> new LaneExecutor(loop, id);
    }
  }

  private final EventLoop loop;
  private final String lane;
  private boolean shutdown;

  private LaneExecutor(EventLoop loop, String lane) {
    this.loop = loop;
    this.lane = lane;
  }

  @Override
  public void execute(Runnable command) {
    loop.execute(lane, command);
  }

  @Override
  public void shutdown() {
    shutdown = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    shutdown = true;
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return shutdown;
  }

  @Override
  public boolean isTerminated() {
    return shutdown;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return shutdown;
  }
}
