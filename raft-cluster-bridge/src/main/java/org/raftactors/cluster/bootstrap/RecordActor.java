package org.raftactors.cluster.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * Keeps the record of this node in the same store as the logs of its partitions: they are lost
 * together or not at all. Its persistence id names no node and no cluster, so that the record of
 * another one is found and seen to be that. A failed write stops the actor; its parent then gives
 * up, since a record may or may not be there.
 */
public final class RecordActor
    extends EventSourcedBehavior<RecordActor.Save, RecordEvent, List<RecordEvent>> {

  /**
   * Make an event durable.
   *
   * @param event the event
   */
  public record Save(RecordEvent event) {}

  /** The place of the record in the journal. */
  public static final String PERSISTENCE_ID = "raft-node";

  private final String journal;
  private final String snapshots;
  private final Consumer<List<RecordEvent>> loaded;
  private final Runnable saved;

  private RecordActor(
      String journal, String snapshots, Consumer<List<RecordEvent>> loaded, Runnable saved) {
    super(PersistenceId.ofUniqueId(PERSISTENCE_ID));
    this.journal = journal;
    this.snapshots = snapshots;
    this.loaded = loaded;
    this.saved = saved;
  }

  /**
   * The behavior.
   *
   * @param journal plugin id
   * @param snapshots plugin id
   * @param loaded told what was found, once
   * @param saved told after each save
   */
  public static Behavior<Save> create(
      String journal, String snapshots, Consumer<List<RecordEvent>> loaded, Runnable saved) {
    return new RecordActor(journal, snapshots, loaded, saved);
  }

  @Override
  public String journalPluginId() {
    return journal;
  }

  @Override
  public String snapshotPluginId() {
    return snapshots;
  }

  @Override
  public List<RecordEvent> emptyState() {
    return List.of();
  }

  @Override
  public CommandHandler<Save, RecordEvent, List<RecordEvent>> commandHandler() {
    return newCommandHandlerBuilder()
        .forAnyState()
        .onCommand(Save.class, save -> Effect().persist(save.event()).thenRun(() -> saved.run()))
        .build();
  }

  @Override
  public EventHandler<List<RecordEvent>, RecordEvent> eventHandler() {
    return (events, event) -> {
      List<RecordEvent> more = new ArrayList<>(events);
      more.add(event);
      return List.copyOf(more);
    };
  }

  @Override
  public SignalHandler<List<RecordEvent>> signalHandler() {
    return newSignalHandlerBuilder().onSignal(RecoveryCompleted.instance(), loaded).build();
  }
}
