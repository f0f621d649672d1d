package org.raftactors.persistence.rocksdb;

import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;

/** A persistent actor that joins the words it is told; answers with all of them. */
public final class WordActor extends EventSourcedBehavior<WordActor.Say, String, String> {

  private static final int SNAPSHOT_EVERY = 5;

  /** A word, and who wants to know all so far. */
  public record Say(String word, ActorRef<String> replyTo) {}

  private final boolean snapshots;

  private WordActor(String persistenceId, boolean snapshots) {
    super(PersistenceId.ofUniqueId(persistenceId));
    this.snapshots = snapshots;
  }

  /** An actor with or without snapshots. */
  public static Behavior<Say> create(String persistenceId, boolean snapshots) {
    return Behaviors.setup(context -> new WordActor(persistenceId, snapshots));
  }

  @Override
  public String emptyState() {
    return "";
  }

  @Override
  public CommandHandler<Say, String, String> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(
            Say.class,
            (state, say) -> Effect().persist(say.word()).thenReply(say.replyTo(), all -> all))
        .build();
  }

  @Override
  public EventHandler<String, String> eventHandler() {
    return (state, event) -> state + event;
  }

  @Override
  public RetentionCriteria retentionCriteria() {
    return snapshots
        ? RetentionCriteria.snapshotEvery(SNAPSHOT_EVERY, 1).withDeleteEventsOnSnapshot()
        : RetentionCriteria.disabled();
  }
}
