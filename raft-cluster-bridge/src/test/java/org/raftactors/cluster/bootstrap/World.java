package org.raftactors.cluster.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Nodes with disks and a network, all in the hands of a test. Each action is one step. */
final class World {

  static final long PRESENCE = 1_000;

  private static final Map<Long, RestoredAt> POSITIONS = Map.of(1L, new RestoredAt(7, 3));

  /** A data directory: its store id and what is durable in it. */
  static final class Disk {
    final String store;
    final List<RecordEvent> events = new ArrayList<>();

    /** The id of the backup that was restored beside it. */
    String origin = "";

    /** Why that cannot be read. */
    String originProblem = "";

    Disk(String store) {
      this.store = store;
    }
  }

  /** A process: gone with a crash. */
  static final class Node {
    final String id;
    final Disk disk;
    final BootstrapProtocol protocol;
    final List<String> warnings = new ArrayList<>();
    @Nullable RecordEvent writing;

    /** The backup that it is taking over. */
    @Nullable NodeRecord takingOver;

    @Nullable NodeRecord started;
    @Nullable String refused;

    Node(String id, Disk disk, BootstrapProtocol protocol) {
      this.id = id;
      this.disk = disk;
      this.protocol = protocol;
    }
  }

  /** A greeting on its way. */
  record Packet(String to, Greeting greeting) {}

  final List<String> ids;
  final Map<String, Disk> disks = new HashMap<>();
  final Map<String, Node> nodes = new TreeMap<>();
  final List<Packet> network = new ArrayList<>();

  /** Every cluster id with which any node ever started its partitions, with its record. */
  final Map<String, NodeRecord> active = new TreeMap<>();

  /** Every record that was ever durable, by store. */
  final Map<String, NodeRecord> everHeld = new HashMap<>();

  long now = 1;
  private int minted;
  private int stores;

  World(String... ids) {
    this.ids = List.of(ids);
    this.ids.forEach(this::wipe);
  }

  void wipe(String id) {
    disks.put(id, new Disk("store-" + id + "-" + ++stores));
  }

  Node up(String id) {
    return up(id, ids, 4);
  }

  Node up(String id, List<String> configured, int partitions) {
    Disk disk = disk(id);
    NodeIdentity identity =
        new NodeIdentity(
            id, configured, partitions, disk.store, "/data/" + id, disk.origin, disk.originProblem);
    Node node =
        new Node(id, disk, new BootstrapProtocol(identity, PRESENCE, () -> "cluster-" + ++minted));
    nodes.put(id, node);
    execute(node, node.protocol.start(List.copyOf(disk.events)));
    return node;
  }

  Disk disk(String id) {
    return Optional.ofNullable(disks.get(id)).orElseThrow();
  }

  Node node(String id) {
    return Optional.ofNullable(nodes.get(id)).orElseThrow();
  }

  /** The process dies. What it was writing may have reached the disk all the same. */
  void crash(String id, boolean writeArrived) {
    Node node = nodes.remove(id);
    if (node != null && writeArrived && node.writing != null) {
      append(node.disk, node.writing);
    }
  }

  void hello(String id) {
    Node node = node(id);
    if (node.refused == null) {
      ids.stream()
          .filter(other -> !other.equals(id))
          .forEach(other -> network.add(new Packet(other, node.protocol.greeting())));
    }
  }

  void deliver(Packet packet) {
    Node node = nodes.get(packet.to());
    if (node != null) {
      execute(node, node.protocol.heard(packet.greeting(), now));
    }
  }

  void deliver(int index) {
    deliver(network.remove(index));
  }

  void written(String id) {
    Node node = node(id);
    if (node.takingOver != null) {
      node.takingOver = null;
      execute(node, node.protocol.tookOver(POSITIONS));
    }
    RecordEvent event = node.writing;
    if (event != null) {
      node.writing = null;
      append(node.disk, event);
      execute(node, node.protocol.persisted(now));
    }
  }

  private void append(Disk disk, RecordEvent event) {
    disk.events.add(event);
    if (event instanceof RecordEvent.Prepared prepared) {
      NodeRecord before = everHeld.put(disk.store, prepared.record());
      if (before != null) {
        throw new AssertionError(disk.store + " took a second record");
      }
    }
  }

  /** Everything is delivered and written, round after round. */
  void settle() {
    for (int round = 0; round < 6; round++) {
      now += PRESENCE / 4;
      ids.stream().filter(nodes::containsKey).forEach(this::hello);
      while (!network.isEmpty()) {
        deliver(0);
      }
      ids.stream().filter(nodes::containsKey).forEach(this::written);
    }
  }

  Collection<Node> running() {
    return nodes.values();
  }

  private void execute(Node node, List<BootstrapOutput> outputs) {
    for (BootstrapOutput output : outputs) {
      if (output instanceof BootstrapOutput.Persist persist) {
        if (node.writing != null) {
          throw new AssertionError("two writes at a time");
        }
        node.writing = persist.event();
      } else if (output instanceof BootstrapOutput.Announce) {
        hello(node.id);
      } else if (output instanceof BootstrapOutput.Start start) {
        assertThat(start.positions())
            .isEqualTo(start.record().origin().isEmpty() ? Map.of() : POSITIONS);
        start(node, start.record());
      } else if (output instanceof BootstrapOutput.TakeOver takeOver) {
        assertThat(node.disk.origin).isEqualTo(takeOver.record().origin());
        node.takingOver = takeOver.record();
      } else if (output instanceof BootstrapOutput.Refuse refuse) {
        node.refused = refuse.reason();
      } else if (output instanceof BootstrapOutput.Warn warn) {
        node.warnings.add(warn.text());
      }
    }
  }

  /** The safety property: voting begins only if every node has held the record, durably. */
  private void start(Node node, NodeRecord record) {
    node.started = record;
    active.put(record.clusterId(), record);
    record
        .stores()
        .forEach(
            (id, store) -> {
              if (!record.equals(everHeld.get(store))) {
                throw new AssertionError(
                    node.id + " started " + record + " which " + id + " never wrote down");
              }
            });
    boolean durable =
        node.disk.events.stream().anyMatch(event -> event instanceof RecordEvent.Activated);
    if (!durable) {
      throw new AssertionError(node.id + " started before its activation was durable");
    }
    boolean takenOver =
        node.disk.events.stream().anyMatch(event -> event instanceof RecordEvent.Restored);
    if (takenOver == record.origin().isEmpty()) {
      throw new AssertionError(node.id + " started without the backup of " + record);
    }
    node.disk.origin = ""; // it is removed then
  }
}
