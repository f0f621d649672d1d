package org.raftactors.cluster.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Crashes everywhere, loss, repetition and disorder; the world checks safety after each step. */
class BootstrapSimulationTest {

  /** One orderly bootstrap; before step number {@code crashAt} a node crashes and comes back. */
  private static int orderly(World world, int crashAt, String victim, boolean writeArrived) {
    world.ids.forEach(world::up);
    int step = 0;
    for (int round = 0; round < 8; round++) {
      world.now += World.PRESENCE / 4;
      world.ids.forEach(world::hello);
      while (!world.network.isEmpty()) {
        step = next(world, step, crashAt, victim, writeArrived);
        world.deliver(0);
      }
      for (String id : world.ids) {
        step = next(world, step, crashAt, victim, writeArrived);
        world.written(id);
      }
    }
    return step;
  }

  private static int next(World world, int step, int crashAt, String victim, boolean writeArrived) {
    if (step == crashAt) {
      world.crash(victim, writeArrived);
      world.up(victim);
    }
    return step + 1;
  }

  @Test
  void aCrashOfAnyNodeAtAnyStep_endsInTheSameCluster() {
    int steps = orderly(new World("n1", "n2", "n3"), -1, "", false);
    assertThat(steps).isGreaterThan(50);
    for (String victim : new String[] {"n1", "n2", "n3"}) {
      for (boolean arrived : new boolean[] {false, true}) {
        for (int crashAt = 0; crashAt < steps; crashAt++) {
          World world = new World("n1", "n2", "n3");
          orderly(world, crashAt, victim, arrived);
          world.settle();
          assertThat(world.running())
              .as("%s crashes before step %d, write arrived: %s", victim, crashAt, arrived)
              .allMatch(node -> node.started != null && node.refused == null);
          assertThat(world.active).hasSize(1);
        }
      }
    }
  }

  @Test
  void aCrashAtAnyStep_ofNodesWithABackup_endsInTheClusterThatBeginsWithIt() {
    World first = restored();
    int steps = orderly(first, -1, "", false);
    assertThat(first.running()).allMatch(node -> node.started != null);
    for (String victim : new String[] {"n1", "n3"}) {
      for (boolean arrived : new boolean[] {false, true}) {
        for (int crashAt = 0; crashAt < steps; crashAt++) {
          World world = restored();
          orderly(world, crashAt, victim, arrived);
          world.settle();
          assertThat(world.running())
              .as("%s crashes before step %d, write arrived: %s", victim, crashAt, arrived)
              .allMatch(node -> node.started != null && node.refused == null);
          assertThat(world.active).hasSize(1);
        }
      }
    }
  }

  private static World restored() {
    World world = new World("n1", "n2", "n3");
    world.ids.forEach(id -> world.disk(id).origin = "backup");
    return world;
  }

  @Test
  void anyScheduleOfCrashesLossAndRepetition_endsInOneCluster() {
    for (long seed = 0; seed < 4_000; seed++) {
      World world = chaos(seed, false);
      world.settle();
      world.settle();
      assertThat(world.running())
          .as("seed %d", seed)
          .allMatch(node -> node.started != null && node.refused == null);
      assertThat(world.active).as("seed %d", seed).hasSize(1);
    }
  }

  /** A lost disk may block the bootstrap for good, but never leads to two clusters of one store. */
  @Test
  void lostDisksInAnySchedule_neverLetANodeVoteInTwoClusters() {
    int blocked = 0;
    for (long seed = 0; seed < 4_000; seed++) {
      World world = chaos(seed, true);
      world.settle();
      for (NodeRecord one : world.active.values()) {
        for (NodeRecord two : world.active.values()) {
          if (!one.equals(two)) {
            assertThat(one.stores().values())
                .as("seed %d", seed)
                .doesNotContainAnyElementsOf(two.stores().values());
          }
        }
      }
      if (world.active.isEmpty()) {
        blocked++;
      }
    }
    assertThat(blocked).isPositive();
  }

  /** The world checks that no node starts without the backup. */
  @Test
  void withTheSameBackupEverywhere_anySchedule_endsInOneClusterThatBeginsWithIt() {
    for (long seed = 0; seed < 2_000; seed++) {
      World world = chaos(seed, false, "backup");
      world.settle();
      world.settle();
      assertThat(world.running())
          .as("seed %d", seed)
          .allMatch(node -> node.started != null && node.refused == null);
      assertThat(world.active.values())
          .as("seed %d", seed)
          .singleElement()
          .matches(record -> record.origin().equals("backup"));
    }
  }

  @Test
  void withBackupsAtSomeNodesOnly_noSchedule_letsAnyNodeStart() {
    int refused = 0;
    for (long seed = 0; seed < 2_000; seed++) {
      World world = chaos(seed, false, "backup", "", "another", "backup", "");
      world.settle();
      if (world.ids.size() > 1) {
        assertThat(world.active).as("seed %d", seed).isEmpty();
        assertThat(world.running()).as("seed %d", seed).anyMatch(node -> node.refused != null);
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static World chaos(long seed, boolean disksGetLost, String... origins) {
    SplittableRandom random = new SplittableRandom(seed);
    String[] all = {"n1", "n2", "n3", "n4", "n5"};
    World world = new World(Arrays.copyOf(all, 1 + random.nextInt(all.length)));
    for (int i = 0; i < world.ids.size() && origins.length > 0; i++) {
      world.disk(world.ids.get(i)).origin = origins[i % origins.length];
    }
    int steps = 20 + random.nextInt(200);
    int loss = random.nextInt(60);
    int crashes = random.nextInt(8);
    for (int i = 0; i < steps; i++) {
      world.now += random.nextInt((int) World.PRESENCE / 5);
      String id = world.ids.get(random.nextInt(world.ids.size()));
      int dice = random.nextInt(100);
      if (!world.nodes.containsKey(id)) {
        world.up(id);
      } else if (dice < crashes) {
        world.crash(id, random.nextBoolean());
        if (disksGetLost && random.nextInt(3) == 0) {
          world.wipe(id);
        }
      } else if (dice < 20) {
        world.hello(id);
      } else if (dice < 45) {
        world.written(id);
      } else if (!world.network.isEmpty()) {
        int index = random.nextInt(world.network.size());
        if (random.nextInt(100) < loss) {
          world.network.remove(index);
        } else if (random.nextInt(5) == 0) {
          world.deliver(world.network.get(index));
        } else {
          world.deliver(index);
        }
      }
    }
    world.network.clear();
    world.ids.stream().filter(id -> !world.nodes.containsKey(id)).forEach(world::up);
    return world;
  }
}
