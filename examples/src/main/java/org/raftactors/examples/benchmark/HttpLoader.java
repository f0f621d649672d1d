package org.raftactors.examples.benchmark;

import com.typesafe.config.ConfigFactory;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A process that makes its load over HTTP. */
final class HttpLoader {

  /** So many connections at most. */
  static final int CONNECTIONS = 1024;

  private HttpLoader() {}

  /**
   * Runs it.
   *
   * @param arguments the port of the node
   * @throws Exception if it cannot start
   */
  public static void main(String[] arguments) throws Exception {
    Sayings sayings = new Sayings();
    int port = Integer.parseInt(arguments[0]);
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "loader",
            ConfigFactory.parseString(
                    """
                    pekko.http.host-connection-pool {
                      max-connections = %d
                      max-open-requests = %d
                    }
                    """
                        .formatted(CONNECTIONS, 4 * CONNECTIONS))
                .withFallback(ConfigFactory.defaultReference()));
    LoadRunner runner = new LoadRunner(system, DispatcherSelector.defaultDispatcher(), sayings);
    sayings.say("ready");
    sayings.obey(
        words -> {
          if (!words.get(0).equals("load")) {
            throw Sayings.unknown(words);
          }
          Load load = Load.parse(words);
          sayings.inBackground(
              line ->
                  runner.run(
                      load, (generator, reads) -> new HttpTarget(system, port, reads, generator)),
              words);
        });
  }
}
