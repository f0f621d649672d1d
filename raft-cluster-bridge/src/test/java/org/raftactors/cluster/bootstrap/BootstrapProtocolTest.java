package org.raftactors.cluster.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BootstrapProtocolTest {

  private final World world = new World("n1", "n2", "n3");

  private void bootstrap() {
    world.ids.forEach(world::up);
    world.settle();
    assertThat(world.running()).allMatch(node -> node.started != null);
  }

  @Test
  void allNodesUp_becomeOneCluster() {
    bootstrap();
    assertThat(world.active).hasSize(1);
    NodeRecord record = world.active.values().iterator().next();
    assertThat(record.stores())
        .containsExactly(
            Map.entry("n1", "store-n1-1"),
            Map.entry("n2", "store-n2-2"),
            Map.entry("n3", "store-n3-3"));
  }

  @Test
  void aClusterOfOneNode_needsNobody() {
    World alone = new World("n1");
    alone.up("n1");
    alone.settle();
    assertThat(alone.node("n1").started).isNotNull();
    assertThat(alone.node("n1").protocol.greeting().confirmed()).isTrue();
  }

  @Test
  @DisplayName(
      "L-8: a cluster begins with all of its nodes, not with those that happen to be there")
  void aMajority_isNotEnough() {
    world.up("n1");
    world.up("n2");
    world.settle();
    assertThat(world.running()).allMatch(node -> node.started == null && node.writing == null);
    assertThat(world.node("n1").protocol.waitsFor(world.now)).contains("[n3]");
    world.up("n3");
    world.settle();
    assertThat(world.running()).allMatch(node -> node.started != null);
  }

  @Test
  void aNodeThatWasThereOnce_doesNotCountAsPresent() {
    world.up("n1");
    world.up("n2");
    world.settle();
    world.crash("n2", false);
    world.wipe("n2");
    world.now += 10 * World.PRESENCE;
    world.up("n3");
    world.settle();
    assertThat(world.node("n1").writing).isNull();
    world.up("n2");
    world.settle();
    assertThat(world.running()).allMatch(node -> node.started != null);
    assertThat(world.active.values().iterator().next().stores())
        .containsEntry("n2", world.disk("n2").store);
  }

  @Test
  void aNodeWithRecord_startsAtOnceWithoutPeers() {
    bootstrap();
    world.crash("n1", false);
    world.crash("n2", false);
    world.crash("n3", false);
    World.Node alone = world.up("n2");
    assertThat(alone.started).isNotNull();
    assertThat(alone.protocol.greeting().confirmed()).isFalse();
  }

  @Test
  @DisplayName("78: a node that lost its disk does not come back under its id")
  void aWipedNode_isRefusedAndTheOthersGoOn() {
    bootstrap();
    String lost = world.disk("n3").store;
    world.crash("n3", false);
    world.wipe("n3");
    world.up("n3");
    world.settle();
    assertThat(world.node("n3").refused)
        .contains("n3", lost, world.disk("n3").store, "/data/n3", "must not come back");
    assertThat(world.node("n1").refused).isNull();
    assertThat(world.node("n1").warnings).anyMatch(text -> text.contains("n3 came with store"));
    assertThat(world.active).hasSize(1);
  }

  @Test
  void aWipedCoordinatorAndPeer_areBlockedByTheOneThatKeptItsRecord() {
    bootstrap();
    world.ids.forEach(id -> world.crash(id, false));
    world.wipe("n1");
    world.wipe("n2");
    world.up("n1");
    world.up("n2");
    world.settle();
    assertThat(world.running()).allMatch(node -> node.started == null && node.refused == null);
    world.up("n3");
    world.settle();
    assertThat(world.node("n1").refused).isNotNull();
    assertThat(world.node("n2").refused).isNotNull();
    assertThat(world.node("n3").started).isNotNull();
    assertThat(world.active).hasSize(1);
  }

  @Test
  void aStoreThatLostItsRecordOnly_isRefused() {
    bootstrap();
    world.crash("n2", false);
    world.disk("n2").events.clear();
    world.up("n2");
    world.settle();
    assertThat(world.node("n2").refused).contains("the store has lost data");
    assertThat(world.node("n2").started).isNull();
  }

  @Test
  void swappedDataDirectories_areSeenAtOnce() {
    bootstrap();
    world.crash("n1", false);
    world.crash("n2", false);
    World.Disk first = world.disk("n1");
    world.disks.put("n1", world.disk("n2"));
    world.disks.put("n2", first);
    assertThat(world.up("n1").refused).contains("node-id is n1", "that of node n2", "/data/n1");
    assertThat(world.up("n2").refused).contains("node-id is n2", "that of node n1");
    assertThat(world.node("n1").started).isNull();
  }

  @Test
  void changedSettings_areRefusedAtStart() {
    bootstrap();
    world.crash("n1", false);
    assertThat(world.up("n1", List.of("n1", "n2"), 4).refused)
        .contains("raft-actors.node.initial-nodes names [n1, n2]", "[n1, n2, n3]");
    assertThat(world.up("n1", world.ids, 5).refused)
        .contains("raft-actors.node.partitions is 5", "created with 4");
    assertThat(world.node("n1").started).isNull();
  }

  @Test
  void anEmptyNodeWithOtherSettings_isRefusedByACluster() {
    bootstrap();
    world.crash("n3", false);
    world.wipe("n3");
    world.up("n3", List.of("n1", "n3"), 4);
    world.settle();
    assertThat(world.node("n3").refused).contains("correct raft-actors.node.initial-nodes");
  }

  @Test
  void emptyNodesWithDifferentSettings_waitAndSaySo() {
    world.up("n1");
    world.up("n2", world.ids, 5);
    world.up("n3");
    world.settle();
    assertThat(world.running()).allMatch(node -> node.started == null && node.refused == null);
    assertThat(world.node("n1").warnings).anyMatch(text -> text.contains("n2 is configured with"));
    world.crash("n2", false);
    world.up("n2");
    world.settle();
    assertThat(world.running()).allMatch(node -> node.started != null);
  }

  @Test
  void twoNodesOnCopiesOfOneStore_areRefused() {
    world.disks.put("n3", new World.Disk(world.disk("n2").store));
    world.ids.forEach(world::up);
    world.settle();
    assertThat(world.node("n1").refused).contains("the same store");
    assertThat(world.running()).allMatch(node -> node.started == null);
  }

  @Test
  void aNodeWithTheDataOfAnotherCluster_givesWayToAConfirmedOne() {
    bootstrap();
    World other = new World("n1", "n2", "n3");
    other.wipe("n3");
    other.ids.forEach(other::up);
    other.settle();
    world.crash("n3", false);
    World.Disk foreign = other.disk("n3");
    RecordEvent.Prepared prepared = (RecordEvent.Prepared) foreign.events.get(0);
    NodeRecord renamed =
        new NodeRecord(
            "cluster-other", prepared.record().partitions(), prepared.record().stores(), "");
    foreign.events.set(0, new RecordEvent.Prepared(RecordEvent.VERSION, "n3", renamed));
    foreign.events.set(1, new RecordEvent.Activated(RecordEvent.VERSION, "cluster-other"));
    world.disks.put("n3", foreign);
    renamed.stores().values().forEach(store -> world.everHeld.put(store, renamed));
    world.up("n3");
    world.settle();
    assertThat(world.node("n3").refused).contains("cluster-other", "another cluster");
    assertThat(world.node("n1").refused).isNull();
    assertThat(world.node("n2").refused).isNull();
  }

  @Test
  void unconfirmedNodesOfTwoClusters_ignoreEachOtherUntilOneIsConfirmed() {
    NodeRecord foreign =
        new NodeRecord("cluster-other", 4, Map.of("n1", "a", "n2", "b", "n3", "c"), "");
    bootstrap();
    world.ids.forEach(id -> world.crash(id, false));
    World.Node first = world.up("n1");
    Greeting stranger =
        new Greeting("n3", "c", world.ids, 4, Optional.of(foreign), true, false, "");
    world.deliver(new World.Packet("n1", stranger));
    assertThat(first.refused).isNull();
    assertThat(first.warnings).anyMatch(text -> text.contains("they ignore each other"));
    Greeting confirmed =
        new Greeting("n3", "c", world.ids, 4, Optional.of(foreign), true, true, "");
    world.deliver(new World.Packet("n1", confirmed));
    assertThat(first.refused).contains("cluster-other");
  }

  @Test
  void aConfirmedNode_neverGivesWay() {
    bootstrap();
    NodeRecord foreign =
        new NodeRecord("cluster-other", 4, Map.of("n1", "a", "n2", "b", "n3", "c"), "");
    Greeting stranger = new Greeting("n3", "c", world.ids, 4, Optional.of(foreign), true, true, "");
    world.deliver(new World.Packet("n1", stranger));
    assertThat(world.node("n1").refused).isNull();
  }

  @Test
  void aPreparedNodeShownAnotherRecord_isRefused() {
    world.ids.forEach(world::up);
    world.hello("n2");
    world.hello("n3");
    while (world.node("n1").writing == null) {
      world.deliver(0);
    }
    world.written("n1");
    NodeRecord foreign =
        new NodeRecord("cluster-other", 4, Map.of("n1", "a", "n2", "b", "n3", "c"), "");
    Greeting stranger =
        new Greeting("n3", "c", world.ids, 4, Optional.of(foreign), false, false, "");
    world.deliver(new World.Packet("n1", stranger));
    assertThat(world.node("n1").refused).contains("cluster-other");
  }

  @Test
  void anotherActiveRecordHeardWhileWriting_activatesNothing() {
    world.ids.forEach(world::up);
    world.hello("n2");
    world.hello("n3");
    while (world.node("n1").writing == null) {
      world.deliver(0);
    }
    NodeRecord foreign =
        new NodeRecord("cluster-other", 4, Map.of("n1", "a", "n2", "b", "n3", "c"), "");
    Greeting stranger = new Greeting("n3", "c", world.ids, 4, Optional.of(foreign), true, true, "");
    world.deliver(new World.Packet("n1", stranger));
    world.written("n1");
    assertThat(world.node("n1").writing).isNull();
  }

  @Test
  void aStranger_isIgnored() {
    bootstrap();
    Greeting stranger =
        new Greeting("n9", "x", List.of("n9"), 4, Optional.empty(), false, false, "");
    world.deliver(new World.Packet("n1", stranger));
    assertThat(world.node("n1").warnings).anyMatch(text -> text.contains("n9"));
    assertThat(world.node("n1").refused).isNull();
  }

  @Test
  void aRecordOfALaterFormat_isRefusedNamingBothVersions() {
    NodeRecord record = new NodeRecord("c", 4, Map.of("n1", world.disk("n1").store), "");
    world.disk("n1").events.add(new RecordEvent.Prepared(7, "n1", record));
    assertThat(world.up("n1").refused).contains("version 7", "versions 1 to 2");
  }

  private void restored(String... origins) {
    for (int i = 0; i < origins.length; i++) {
      world.disk(world.ids.get(i)).origin = origins[i];
    }
  }

  @Test
  void aBackupAtAllNodes_isTakenOverBeforeAnyStarts_once() {
    restored("b", "b", "b");
    bootstrap();
    assertThat(world.active.values()).allMatch(record -> record.origin().equals("b"));
    for (String id : world.ids) {
      assertThat(world.disk(id).events).hasSize(3);
      assertThat(world.disk(id).events.get(0).version()).isEqualTo(RecordEvent.WITH_ORIGIN);
      world.crash(id, false);
      assertThat(world.up(id).started).isNotNull(); // without a backup: it was removed
    }
  }

  @Test
  void aBackupAtSomeNodesOnly_isRefusedByAll() {
    restored("b", "b", "");
    world.ids.forEach(world::up);
    world.settle();
    assertThat(world.active).isEmpty();
    assertThat(world.node("n3").refused)
        .contains(
            "node n1 has the restored backup b", "node n3 has no restored backup", "/data/n3");
    assertThat(world.node("n1").refused).contains("n3 has no restored backup", "/data/n1");
  }

  @Test
  void differentBackups_areRefused() {
    restored("b", "c", "b");
    world.ids.forEach(world::up);
    world.settle();
    assertThat(world.active).isEmpty();
    assertThat(world.node("n2").refused).contains("backup b", "backup c");
  }

  @Test
  void aNodeWhoseBackupIsGoneBeforeItWasTakenOver_doesNotStart_untilItIsBack() {
    restored("b", "b", "b");
    world.ids.forEach(world::up);
    while (world.node("n2").takingOver == null) {
      world.ids.stream().filter(id -> world.node(id).takingOver == null).forEach(world::written);
      world.ids.forEach(world::hello);
      while (!world.network.isEmpty()) {
        world.deliver(0);
      }
    }
    world.crash("n2", false);
    world.disk("n2").origin = "";
    assertThat(world.up("n2").refused).contains("begins with backup b", "/data/n2");
    world.crash("n2", false);
    world.disk("n2").origin = "b";
    world.up("n2");
    world.settle();
    assertThat(world.node("n2").started).isNotNull();
  }

  @Test
  void aBackupThatCannotBeRead_isNoMatterOnceItIsTakenOver_andRefusedBefore() {
    restored("b", "b", "b");
    bootstrap();
    world.crash("n2", false);
    world.disk("n2").originProblem = "damaged";
    assertThat(world.up("n2").started).isNotNull();

    World.Disk recordOnly = world.disk("n3");
    world.crash("n3", false);
    recordOnly.events.remove(2);
    recordOnly.originProblem = "damaged";
    assertThat(world.up("n3").refused).isEqualTo("damaged");
  }

  @Test
  void aBackupThatCannotBeTakenOver_stopsItsNode_andTheOthersGoOn() {
    restored("b", "b", "b");
    world.ids.forEach(world::up);
    while (world.node("n2").takingOver == null) {
      world.ids.stream().filter(id -> world.node(id).takingOver == null).forEach(world::written);
      world.ids.forEach(world::hello);
      while (!world.network.isEmpty()) {
        world.deliver(0);
      }
    }
    world.node("n2").takingOver = null;
    assertThat(world.node("n2").protocol.notTakenOver("damaged"))
        .containsExactly(new BootstrapOutput.Refuse("damaged"));
    world.node("n2").refused = "damaged";
    world.settle();
    assertThat(world.node("n1").started).isNotNull();
    assertThat(world.node("n3").started).isNotNull();
    assertThat(world.node("n2").started).isNull();
  }

  @Test
  void aBackupBesideTheDataOfACluster_isRefused() {
    bootstrap();
    world.crash("n1", false);
    world.disk("n1").origin = "b";
    assertThat(world.up("n1").refused).contains("/data/n1", "backup b", "empty directories");
  }

  @Test
  void aClusterWithoutABackup_isNoPlaceForANodeWithOne() {
    world.up("n1");
    world.up("n2");
    world.up("n3");
    world.settle();
    NodeRecord record = world.active.values().iterator().next();
    World.Disk fresh = new World.Disk(String.valueOf(record.stores().get("n3")));
    fresh.origin = "b";
    world.crash("n3", false);
    world.disks.put("n3", fresh);
    World.Node third = world.up("n3");
    Greeting prepared =
        new Greeting("n1", "s", world.ids, 4, Optional.of(record), false, false, "");
    world.deliver(new World.Packet("n3", prepared));
    assertThat(third.refused).contains("begins with nothing", "backup b", "/data/n3");
  }
}
