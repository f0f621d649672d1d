package org.raftactors.link;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The links of an actor system, which end with it. */
public final class LinksOfSystem implements Extension {

  /** Makes the one of an actor system. */
  private static final class Id extends ExtensionId<LinksOfSystem> {
    @Override
    public LinksOfSystem createExtension(ActorSystem<?> system) {
      return new LinksOfSystem(create(system));
    }
  }

  private static final Logger logger = LoggerFactory.getLogger(LinksOfSystem.class);
  private static final Id ID = new Id();

  private final ReplicaLinks links;

  private LinksOfSystem(ReplicaLinks links) {
    this.links = links;
  }

  /**
   * The links of an actor system. The first call begins to listen.
   *
   * @param system any
   * @return always the same; none if it has no remoting, or its configuration wants none
   * @throws com.typesafe.config.ConfigException naming the key that is wrong
   */
  public static ReplicaLinks get(ActorSystem<?> system) {
    return ID.apply(system).links;
  }

  private static ReplicaLinks create(ActorSystem<?> system) {
    Address own = ((ExtendedActorSystem) Adapter.toClassic(system)).provider().getDefaultAddress();
    if (own.host().isEmpty()) {
      return ReplicaLinks.NONE;
    }
    Config config = system.settings().config();
    LinkSettings settings = LinkSettings.of(config, own.host().get());
    if (!settings.enabled()) {
      return ReplicaLinks.NONE;
    }
    Executor blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    try {
      TcpLinks made = new TcpLinks(own.host().get(), settings, blocking);
      system.getWhenTerminated().thenRun(made::close);
      return made;
    } catch (IOException | UnresolvedAddressException e) {
      logger.error(
          "cannot listen on {}, port {} (raft-actors.replication-link.port): all that replicas say"
              + " to each other goes by remoting, which is slower",
          settings.bindHost(),
          settings.port(),
          e);
      return ReplicaLinks.NONE;
    }
  }
}
