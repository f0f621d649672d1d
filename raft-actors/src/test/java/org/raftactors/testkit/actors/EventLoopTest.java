package org.raftactors.testkit.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class EventLoopTest {

  private final EventLoop loop = new EventLoop(Executors.defaultThreadFactory());
  private final List<String> done = new ArrayList<>();

  private void own(long seed) throws InterruptedException {
    loop.open();
    loop.own(new SplittableRandom(seed), 0);
    done.clear();
  }

  private void task(String lane, String name) {
    loop.execute(lane, () -> done.add(name));
  }

  @Test
  void theOrderOfTasks_comesFromTheSeed() throws InterruptedException {
    List<List<String>> orders = new ArrayList<>();
    for (long seed : new long[] {1, 2, 3, 1}) {
      own(seed);
      for (int i = 0; i < 20; i++) {
        task("lane", "task " + i);
      }
      loop.drain();
      orders.add(List.copyOf(done));
    }
    assertThat(orders.get(0)).isEqualTo(orders.get(3)).hasSize(20);
    assertThat(orders.subList(0, 3)).doesNotHaveDuplicates();
  }

  @Test
  void timePasses_onlyWhenNothingElseIsToDo() throws InterruptedException {
    own(1);
    loop.after(2_000, () -> done.add("later"));
    loop.after(1_000, () -> done.add("soon"));
    EventLoop.Timer never = loop.after(500, () -> done.add("never"));
    assertThat(never.cancel()).isTrue();
    task("lane", "now");
    assertThat(loop.runUntil(() -> done.contains("later"), Long.MAX_VALUE)).isTrue();
    assertThat(done).containsExactly("now", "soon", "later");
    assertThat(loop.now()).isEqualTo(2_000);
  }

  @Test
  void aPausedLane_holdsItsTasks_andTheOthersGoOn() throws InterruptedException {
    own(1);
    task("one", "before");
    loop.pause("one");
    task("one", "while");
    task("two", "other");
    loop.drain();
    assertThat(done).containsExactly("other");
    loop.resume("one");
    loop.drain();
    assertThat(done).containsExactlyInAnyOrder("other", "before", "while");
  }

  @Test
  void aTaskOfAnotherThread_isNoticedDuringARun_andWelcomeBetweenRuns()
      throws InterruptedException {
    Thread other = new Thread(() -> task("lane", "foreign"), "the other thread");
    own(1);
    other.start();
    other.join();
    assertThat(loop.intruder()).isEqualTo("the other thread");
    loop.drain();

    Thread welcome = new Thread(() -> loop.execute("lane", () -> {}), "between");
    loop.open();
    welcome.start();
    welcome.join();
    own(2); // once that task has been run
    assertThat(loop.intruder()).isNull();
  }
}
