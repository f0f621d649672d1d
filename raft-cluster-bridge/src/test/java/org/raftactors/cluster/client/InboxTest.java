package org.raftactors.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class InboxTest {

  private final Queue<Runnable> executor = new ArrayDeque<>();
  private final Inbox inbox = new Inbox(executor::add);
  private final List<String> log = new ArrayList<>();

  private void put(String name) {
    inbox.put(
        () -> {
          log.add(name);
          return () -> log.add("after " + name);
        });
  }

  private void execute() {
    for (Runnable next = executor.poll(); next != null; next = executor.poll()) {
      next.run();
    }
  }

  @Test
  void tasksAreHandledInOrder_andTheirCallbacksBehindThem() {
    put("a");
    put("b");
    execute();
    put("c");
    execute();
    assertThat(log).containsExactly("a", "b", "after a", "after b", "c", "after c");
  }

  @Test
  void aTaskThatFails_keepsNobodyBack() {
    put("a");
    inbox.put(
        () -> {
          throw new IllegalStateException("injected");
        });
    put("b");
    execute();
    put("c");
    execute();
    assertThat(log).containsExactly("a", "b", "after a", "after b", "c", "after c");
  }
}
