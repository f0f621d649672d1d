package org.raftactors.codec;

import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.jspecify.annotations.Nullable;

/**
 * References as an actor system writes and resolves them. Looks the resolver up late: serializers
 * are made while the actor system starts.
 */
final class SystemRefs implements Refs {

  private final ExtendedActorSystem system;
  private volatile @Nullable ActorRefResolver resolver;

  SystemRefs(ExtendedActorSystem system) {
    this.system = system;
  }

  @Override
  public String toText(ActorRef<?> ref) {
    return resolver().toSerializationFormat(ref);
  }

  @Override
  public <T> ActorRef<T> resolve(String text) {
    return resolver().resolveActorRef(text);
  }

  private ActorRefResolver resolver() {
    ActorRefResolver known = resolver;
    if (known == null) {
      known = ActorRefResolver.get(Adapter.toTyped(system));
      resolver = known;
    }
    return known;
  }
}
