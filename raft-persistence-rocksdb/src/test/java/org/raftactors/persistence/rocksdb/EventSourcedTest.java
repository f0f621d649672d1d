package org.raftactors.persistence.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Persistent actors end to end, over restarts of the actor system. */
class EventSourcedTest {

  @TempDir Path directory;

  @Test
  void stateSurvivesARestart() {
    restarting(false);
  }

  @Test
  void stateSurvivesARestart_withSnapshotsAndDeletedEvents() {
    restarting(true);
  }

  @Test
  void manyActorsAtOnce_recoverTheirOwn() {
    int actors = 200;
    for (int round = 1; round <= 2; round++) {
      org.apache.pekko.actor.ActorSystem system = TestSystems.start(directory);
      List<CompletionStage<String>> answers = new ArrayList<>();
      for (int i = 0; i < actors; i++) {
        answers.add(say(system, spawn(system, "p" + i, false), "[" + i + "]"));
      }
      for (int i = 0; i < actors; i++) {
        assertThat(TestSystems.await(answers.get(i))).isEqualTo(("[" + i + "]").repeat(round));
      }
      TestSystems.stop(system);
    }
  }

  private void restarting(boolean snapshots) {
    StringBuilder expected = new StringBuilder();
    for (int round = 0; round < 3; round++) {
      org.apache.pekko.actor.ActorSystem system = TestSystems.start(directory);
      ActorRef<WordActor.Say> actor = spawn(system, "words", snapshots);
      for (int i = 0; i < 12; i++) {
        String word = "r" + round + "w" + i + " ";
        expected.append(word);
        assertThat(TestSystems.await(say(system, actor, word))).isEqualTo(expected.toString());
      }
      TestSystems.stop(system);
    }
  }

  private static ActorRef<WordActor.Say> spawn(
      org.apache.pekko.actor.ActorSystem system, String persistenceId, boolean snapshots) {
    return Adapter.spawn(system, WordActor.create(persistenceId, snapshots), persistenceId);
  }

  private static CompletionStage<String> say(
      org.apache.pekko.actor.ActorSystem system, ActorRef<WordActor.Say> actor, String word) {
    ActorSystem<Void> typed = Adapter.toTyped(system);
    return AskPattern.ask(
        actor,
        (ActorRef<String> replyTo) -> new WordActor.Say(word, replyTo),
        TestSystems.CEILING,
        typed.scheduler());
  }
}
