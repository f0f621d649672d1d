package org.raftactors.cluster.bootstrap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the initial nodes become one cluster, once: a state machine without I/O, clock or threads.
 *
 * <p>Every node keeps telling every other what it is ({@link Greeting}); there is no other message,
 * and each of them may be lost, repeated or late. The states of a node:
 *
 * <ul>
 *   <li><b>empty</b>: its store holds no record. The node with the lowest id, the coordinator,
 *       mints a record once all others have said, not long ago, that they are empty too; it sends
 *       nothing of it before it is durable. Another node takes the first record that it is shown,
 *       if that names its own store and is not active.
 *   <li><b>prepared</b>: the record is durable here, and no other will ever be.
 *   <li><b>active</b>: the node knows that all have prepared the same record: either all have said
 *       so since it started, or one that is active has. Only then do partitions start and vote; and
 *       in a cluster that begins with a backup, not before the backup is <b>taken over</b>.
 * </ul>
 *
 * <p><b>Why there is never a second cluster.</b> A cluster is active only if each of its nodes
 * holds its record in the very store that the record names, and a store takes one record in its
 * life. A second cluster needs every node to hold another record, so every store must have been
 * lost: a single node that kept its own blocks it.
 *
 * <p><b>What a crash leaves.</b> Before the coordinator's record is durable: nothing, a later
 * record has another cluster id, which nobody has seen the first one of. After it, and at any point
 * until the last node is prepared: some nodes prepared, others empty with the store that the record
 * names; greetings carry the record on to them from any node that has it. All prepared, none
 * active: each node finds that out from the others' greetings. Some active: the others learn it
 * from one of them, or from all. A node that comes back prepared goes on from there, with the same
 * record; one that comes back active starts at once and waits for nobody. What was being written at
 * the time of the crash is there or is not, and either is one of these states.
 *
 * <p><b>A cluster that begins with a backup.</b> The record names the backup, and it is minted only
 * if every initial node has said that this very one was restored beside its store; while some have
 * a backup and others have another one or none, all refuse to start. Once active, each node gives
 * its replicas the snapshots of the backup as those of the new cluster, then writes down that this
 * is done, then starts them. So no replica of such a cluster ever votes with less than the backup;
 * a node whose backup is gone or damaged does not start. A crash in between leaves snapshots that
 * are written again.
 *
 * <p><b>Who gives way.</b> An empty node that is shown a record naming another store for it has
 * lost its data, or was given another directory: it stops. So does an empty node that an active
 * record names (it must have been prepared once), one whose record was written under another node
 * id or for other settings, and a prepared one that is shown another record, since it can never
 * become active. Among active nodes with different records, the one gives way that is not
 * <em>confirmed</em> by a majority of its own cluster, to one that is; where neither is, both go
 * on, and the partitions drop each other's messages.
 */
public final class BootstrapProtocol {

  private enum State {
    EMPTY,
    PREPARED,
    ACTIVE,
    REFUSED
  }

  private record Heard(Greeting greeting, long at) {}

  private final NodeIdentity own;
  private final long presence;
  private final Supplier<String> clusterIds;
  private final Map<String, Heard> heard = new HashMap<>();
  private final List<BootstrapOutput> outputs = new ArrayList<>();

  private State state = State.EMPTY;
  private @Nullable NodeRecord record;
  private @Nullable RecordEvent writing;
  private boolean confirmed;
  private @Nullable Map<Long, RestoredAt> restored;

  /**
   * For one run of a node.
   *
   * @param own the node as it is configured, and its store
   * @param presence nanoseconds for which an empty node counts as present after a greeting
   * @param clusterIds mints random ids
   */
  public BootstrapProtocol(NodeIdentity own, long presence, Supplier<String> clusterIds) {
    this.own = own;
    this.presence = presence;
    this.clusterIds = clusterIds;
  }

  /**
   * Must come first.
   *
   * @param durable what the store holds, in order
   * @return what to do
   */
  public List<BootstrapOutput> start(List<RecordEvent> durable) {
    for (RecordEvent event : durable) {
      if (state == State.REFUSED) {
        break;
      }
      recover(event);
    }
    if (state != State.REFUSED && restored == null && !own.originProblem().isEmpty()) {
      refuse(own.originProblem());
    }
    if (state != State.REFUSED && record != null) {
      String problem = Texts.originProblem(own, record, restored != null);
      if (!problem.isEmpty()) {
        refuse(problem);
      }
    }
    if (state == State.ACTIVE && record != null) {
      begin(record);
    }
    outputs.add(new BootstrapOutput.Announce());
    return decided(0);
  }

  /**
   * A greeting came.
   *
   * @param greeting from another node
   * @param now monotonic nanoseconds
   * @return what to do
   */
  public List<BootstrapOutput> heard(Greeting greeting, long now) {
    if (state == State.REFUSED) {
      return List.of();
    }
    String from = greeting.from();
    if (!own.nodes().contains(from) || from.equals(own.node())) {
      warn(from, Texts.stranger(own, greeting));
      return taken();
    }
    Optional<NodeRecord> shown = greeting.record();
    if (shown.isPresent()) {
      heardRecord(greeting, shown.get(), now);
    } else {
      heardEmpty(greeting, now);
    }
    return decided(now);
  }

  /**
   * The event of the last {@link BootstrapOutput.Persist} is durable.
   *
   * @param now monotonic nanoseconds
   * @return what to do
   */
  public List<BootstrapOutput> persisted(long now) {
    RecordEvent event = writing;
    if (event == null) {
      throw new IllegalStateException("nothing was being written");
    }
    writing = null;
    if (state == State.REFUSED) {
      return List.of();
    }
    if (event instanceof RecordEvent.Prepared prepared) {
      record = prepared.record();
      state = State.PREPARED;
    } else if (record != null) {
      if (event instanceof RecordEvent.Restored done) {
        restored = done.positions();
      }
      state = State.ACTIVE;
      begin(record);
    }
    outputs.add(new BootstrapOutput.Announce());
    return decided(now);
  }

  /**
   * The snapshots that {@link BootstrapOutput.TakeOver} asked for are durable.
   *
   * @param positions where each partition begins, by its id
   * @return what to do
   */
  public List<BootstrapOutput> tookOver(Map<Long, RestoredAt> positions) {
    if (state == State.ACTIVE && record != null) {
      persist(new RecordEvent.Restored(RecordEvent.WITH_ORIGIN, record.clusterId(), positions));
    }
    return taken();
  }

  /**
   * They could not be written.
   *
   * @param reason what is wrong and what to do
   * @return what to do
   */
  public List<BootstrapOutput> notTakenOver(String reason) {
    if (state != State.REFUSED) {
      refuse(reason);
    }
    return taken();
  }

  private void begin(NodeRecord mine) {
    confirm(mine);
    Map<Long, RestoredAt> positions = restored;
    if (mine.origin().isEmpty()) {
      outputs.add(new BootstrapOutput.Start(mine, Map.of()));
    } else if (positions != null) {
      outputs.add(new BootstrapOutput.Start(mine, positions));
    } else {
      outputs.add(new BootstrapOutput.TakeOver(mine));
    }
  }

  /** What to tell the others now. */
  public Greeting greeting() {
    return new Greeting(
        own.node(),
        own.store(),
        own.nodes(),
        own.partitions(),
        Optional.ofNullable(record),
        state == State.ACTIVE,
        confirmed,
        own.origin());
  }

  /** Whether the partitions may run. */
  public boolean isActive() {
    return state == State.ACTIVE;
  }

  /** In words, what the node waits for; empty if for nothing. */
  public String waitsFor(long now) {
    if (state == State.ACTIVE || state == State.REFUSED || writing != null) {
      return "";
    }
    List<String> missing =
        others().stream()
            .filter(node -> state == State.EMPTY ? !isPresent(node, now) : !holdsRecord(node))
            .toList();
    return state == State.EMPTY
        ? "all initial nodes must be up to create the cluster; not heard from: " + missing
        : "all initial nodes must have written down the cluster; not known from: " + missing;
  }

  private void recover(RecordEvent event) {
    if (event.version() < RecordEvent.VERSION || event.version() > RecordEvent.WITH_ORIGIN) {
      refuse(Texts.version(own, event));
    } else if (event instanceof RecordEvent.Prepared prepared) {
      String problem = Texts.recordProblem(own, prepared);
      if (problem.isEmpty()) {
        record = prepared.record();
        state = State.PREPARED;
      } else {
        refuse(problem);
      }
    } else if (event instanceof RecordEvent.Restored done) {
      restored = done.positions();
    } else {
      state = State.ACTIVE;
    }
  }

  private void heardEmpty(Greeting greeting, long now) {
    heard.remove(greeting.from());
    if (record == null) {
      if (!greeting.origin().equals(own.origin())) {
        refuse(Texts.partlyRestored(own, greeting));
      } else if (isSameSetup(greeting)) {
        heard.put(greeting.from(), new Heard(greeting, now));
      } else {
        warn(greeting.from(), Texts.otherSetup(own, greeting));
      }
    } else if (!greeting.store().equals(record.stores().get(greeting.from()))) {
      warn(greeting.from(), Texts.refusedStore(own, greeting, record));
    }
  }

  private void heardRecord(Greeting greeting, NodeRecord shown, long now) {
    if (record == null) {
      // While a record is being written, the next greeting will do to compare it.
      if (writing == null) {
        adopt(greeting, shown);
      } else {
        heard.put(greeting.from(), new Heard(greeting, now));
      }
      return;
    }
    if (shown.equals(record)) {
      if (greeting.store().equals(record.stores().get(greeting.from()))) {
        heard.put(greeting.from(), new Heard(greeting, now));
        confirm(record);
      } else {
        heard.remove(greeting.from());
        warn(greeting.from(), Texts.refusedStore(own, greeting, record));
      }
      return;
    }
    heard.remove(greeting.from());
    boolean mayBeActive = state == State.ACTIVE || writing instanceof RecordEvent.Activated;
    if (!mayBeActive || (greeting.confirmed() && !confirmed)) {
      refuse(Texts.otherCluster(own, record, greeting, shown));
    } else {
      warn(greeting.from(), Texts.otherClusterThere(own, record, greeting, shown));
    }
  }

  /**
   * The way of an empty node: take the record, or see from it that this store is not the node's.
   */
  private void adopt(Greeting greeting, NodeRecord shown) {
    String known = shown.stores().get(own.node());
    if (!shown.stores().keySet().equals(Set.copyOf(own.nodes()))
        || shown.partitions() != own.partitions()) {
      refuse(Texts.otherRecordSetup(own, greeting, shown));
    } else if (!own.store().equals(known)) {
      refuse(Texts.unknownStore(own, greeting, shown));
    } else if (greeting.activated()) {
      refuse(Texts.lostRecord(own, greeting, shown));
    } else if (!shown.origin().equals(own.origin())) {
      refuse(Texts.otherOrigin(own, greeting, shown));
    } else {
      prepare(shown);
    }
  }

  private List<BootstrapOutput> decided(long now) {
    if (writing == null && state == State.EMPTY && own.isCoordinator()) {
      mintIfAllAreEmpty(now);
    } else if (writing == null && state == State.PREPARED && record != null) {
      boolean anyActive =
          others().stream().anyMatch(n -> holdsRecord(n) && heardFrom(n).greeting().activated());
      boolean allPrepared = others().stream().allMatch(this::holdsRecord);
      if (anyActive || allPrepared) {
        persist(new RecordEvent.Activated(RecordEvent.VERSION, record.clusterId()));
      }
    }
    return taken();
  }

  private void mintIfAllAreEmpty(long now) {
    if (!others().stream().allMatch(node -> isPresent(node, now))) {
      return;
    }
    Map<String, String> stores = new HashMap<>();
    stores.put(own.node(), own.store());
    others().forEach(node -> stores.put(node, heardFrom(node).greeting().store()));
    if (new HashSet<>(stores.values()).size() < stores.size()) {
      refuse(Texts.sharedStore(own, stores));
      return;
    }
    prepare(new NodeRecord(clusterIds.get(), own.partitions(), stores, own.origin()));
  }

  private void prepare(NodeRecord taken) {
    int version = taken.origin().isEmpty() ? RecordEvent.VERSION : RecordEvent.WITH_ORIGIN;
    persist(new RecordEvent.Prepared(version, own.node(), taken));
  }

  /**
   * Whether an empty node spoke not long ago: one that has gone since may return with another disk.
   */
  private boolean isPresent(String node, long now) {
    Heard last = heard.get(node);
    return last != null && last.greeting().record().isEmpty() && now - last.at() <= presence;
  }

  /** Whether a node has shown this very record: once is enough, since it is never given up. */
  private boolean holdsRecord(String node) {
    Heard last = heard.get(node);
    return last != null && last.greeting().record().equals(Optional.ofNullable(record));
  }

  private void confirm(NodeRecord mine) {
    long same = others().stream().filter(this::holdsRecord).count();
    if (state == State.ACTIVE && same + 1 > mine.stores().size() / 2) {
      confirmed = true;
    }
  }

  private boolean isSameSetup(Greeting greeting) {
    return greeting.nodes().equals(own.nodes()) && greeting.partitions() == own.partitions();
  }

  private List<String> others() {
    return own.nodes().stream().filter(node -> !node.equals(own.node())).toList();
  }

  private Heard heardFrom(String node) {
    Heard last = heard.get(node);
    if (last == null) {
      throw new IllegalStateException("not heard from " + node);
    }
    return last;
  }

  private void persist(RecordEvent event) {
    writing = event;
    outputs.add(new BootstrapOutput.Persist(event));
  }

  private void refuse(String reason) {
    state = State.REFUSED;
    outputs.add(new BootstrapOutput.Refuse(reason));
  }

  private void warn(String node, String text) {
    outputs.add(new BootstrapOutput.Warn(node, text));
  }

  private List<BootstrapOutput> taken() {
    List<BootstrapOutput> taken = List.copyOf(outputs);
    outputs.clear();
    return taken;
  }
}
