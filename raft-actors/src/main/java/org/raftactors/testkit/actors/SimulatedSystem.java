package org.raftactors.testkit.actors;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.SystemMaterializer;
import scala.concurrent.Await;
import scala.concurrent.duration.Duration;

/**
 * An actor system without threads of its own. It serves one run after the other, each of which
 * leaves no actor behind.
 *
 * <p>How it starts and stops is the same for no two systems, since Pekko waits for actors there;
 * none of it reaches a run.
 */
public final class SimulatedSystem implements AutoCloseable {

  /** The most logical nodes that it has lanes for. */
  public static final int MAX_NODES = 9;

  private static final String ROOT = "raft-actors-simulation";
  private static final String LANE_PATH = ROOT + ".lane";
  private static final long STOP_SECONDS = 60;

  private static final String LANE =
      """
      {
        type = Dispatcher
        executor = "org.raftactors.testkit.actors.LaneExecutor$Configurator"
        throughput = 1
        shutdown-timeout = 365d
      }
      """;

  // The logger and the hooks would be other threads; the breaker would have timers in real time.
  private static final String CONFIG =
      """
      pekko {
        loggers = []
        loglevel = OFF
        stdout-loglevel = OFF
        log-dead-letters = off
        log-dead-letters-during-shutdown = off
        jvm-shutdown-hooks = off
        jvm-exit-on-fatal-error = off
        coordinated-shutdown.run-by-jvm-shutdown-hook = off
        scheduler.implementation = "org.raftactors.testkit.actors.VirtualScheduler"
        actor {
          provider = local
          default-dispatcher = ${raft-actors-simulation.lane}
          internal-dispatcher = ${raft-actors-simulation.lane}
          default-blocking-io-dispatcher = ${raft-actors-simulation.lane}
        }
        persistence {
          journal.plugin = "raft-actors-simulation.journal"
          snapshot-store.plugin = "raft-actors-simulation.snapshots"
        }
      }
      raft-actors-simulation {
        journal {
          class = "org.raftactors.testkit.actors.SimulatedJournal"
          plugin-dispatcher = "pekko.actor.default-dispatcher"
          replay-dispatcher = "pekko.actor.default-dispatcher"
          write-response-global-order = off
          replay-filter.mode = off
          circuit-breaker { max-failures = 1000000000, call-timeout = 0s, reset-timeout = 1s }
          recovery-event-timeout = 1h
        }
        snapshots {
          class = "org.raftactors.testkit.actors.SimulatedSnapshots"
          plugin-dispatcher = "pekko.actor.default-dispatcher"
          circuit-breaker { max-failures = 1000000000, call-timeout = 0s, reset-timeout = 1s }
          snapshot-is-optional = false
        }
        read-journal.class = "org.raftactors.testkit.actors.SimulatedReadJournal$Provider"
      }
      raft-actors.partition {
        read-journal-plugin-id = "raft-actors-simulation.read-journal"
        snapshot-store = "org.raftactors.testkit.InMemorySnapshots"
      }
      # Nodes share the system here, and one that stands still must not keep others from starting.
      raft-actors.starts { max-concurrent = 1000000, report-every = 0s }
      """;

  private static final AtomicLong SYSTEMS = new AtomicLong();

  private final ActorSystem system;
  private final VirtualScheduler scheduler;
  private long actors;

  private SimulatedSystem(ActorSystem system) {
    this.system = system;
    this.scheduler = (VirtualScheduler) system.scheduler();
  }

  /**
   * Starts one.
   *
   * @return a system that is between runs
   */
  public static SimulatedSystem start() {
    ActorSystem system = ActorSystem.create("simulation-" + SYSTEMS.incrementAndGet(), config());
    SystemMaterializer.get(system).materializer();
    SimulatedSystem simulated = new SimulatedSystem(system);
    WarmUp.run(simulated);
    return simulated;
  }

  /** Only the libraries' defaults: what the application's own files say is not simulated. */
  private static Config config() {
    StringBuilder text = new StringBuilder(CONFIG);
    text.append(LANE_PATH).append(LANE);
    for (int node = 1; node <= MAX_NODES; node++) {
      text.append(lane(node)).append(" = ${").append(LANE_PATH).append("}\n");
    }
    return ConfigFactory.parseString(text.toString())
        .withFallback(ConfigFactory.defaultReferenceUnresolved())
        .resolve();
  }

  /** The dispatcher, and so the lane, of a logical node. */
  static String lane(long node) {
    return ROOT + ".node-" + node;
  }

  EventLoop loop() {
    return scheduler.loop();
  }

  Disks disks() {
    return scheduler.disks();
  }

  ActorSystem classic() {
    return system;
  }

  /** Spawns an actor of a run. */
  <T> ActorRef<T> spawn(Behavior<T> behavior, String name, DispatcherSelector dispatcher) {
    return Adapter.spawn(system, behavior, name + "-" + actors++, dispatcher);
  }

  /** Spawns an actor of the simulation itself, which no fault touches. */
  <T> ActorRef<T> spawn(Behavior<T> behavior, String name) {
    return spawn(behavior, name, DispatcherSelector.defaultDispatcher());
  }

  /** Stops an actor. */
  void stop(ActorRef<?> actor) {
    system.stop(Adapter.toClassic(actor));
  }

  @Override
  public void close() {
    system.terminate();
    try {
      Await.ready(system.whenTerminated(), Duration.create(STOP_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      throw new IllegalStateException("the simulated actor system does not stop", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      scheduler.loop().close();
    }
  }
}
