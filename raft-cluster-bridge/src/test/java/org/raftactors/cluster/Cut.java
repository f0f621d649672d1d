package org.raftactors.cluster;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.remote.RemoteActorRefProvider;
import org.apache.pekko.remote.transport.ThrottlerTransportAdapter;
import scala.jdk.javaapi.FutureConverters;

/** Cuts a node off from others, and heals. Needs Artery's test mode in the node's configuration. */
@SuppressWarnings(
    "deprecation") // the only way to cut Artery in one JVM; its commands are of the old transport
final class Cut {

  static final String ENABLED = "pekko.remote.artery.advanced.test-mode = on";

  private final ActorSystem<?> system;
  private final List<Address> others;

  private Cut(ActorSystem<?> system, List<Address> others) {
    this.system = system;
    this.others = others;
  }

  /** From now on nothing passes between the system and the other entries of a roster. */
  static Cut off(ActorSystem<?> system, List<String> roster) {
    String own = system.address().hostPort();
    List<Address> others =
        roster.stream()
            .map(entry -> entry.substring(entry.indexOf('@') + 1))
            .filter(place -> !own.endsWith('@' + place))
            .map(place -> address(system, place))
            .toList();
    Cut cut = new Cut(system, others);
    cut.command(ThrottlerTransportAdapter.blackholeThrottleMode());
    return cut;
  }

  void heal() {
    command(ThrottlerTransportAdapter.unthrottledThrottleMode());
  }

  private static Address address(ActorSystem<?> system, String place) {
    int colon = place.lastIndexOf(':');
    return new Address(
        "pekko",
        system.name(),
        place.substring(0, colon),
        Integer.parseInt(place.substring(colon + 1)));
  }

  private void command(ThrottlerTransportAdapter.ThrottleMode mode) {
    ExtendedActorSystem classic = (ExtendedActorSystem) system.classicSystem();
    RemoteActorRefProvider provider = (RemoteActorRefProvider) classic.provider();
    for (Address other : others) {
      Object done =
          FutureConverters.asJava(
                  provider
                      .transport()
                      .managementCommand(
                          new ThrottlerTransportAdapter.SetThrottle(
                              other, ThrottlerTransportAdapter.bothDirection(), mode)))
              .toCompletableFuture()
              .orTimeout(60, TimeUnit.SECONDS)
              .join();
      if (!Boolean.TRUE.equals(done)) {
        throw new AssertionError("the transport cannot be cut: " + done);
      }
    }
  }
}
