package org.raftactors.cluster.client;

import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;
import scala.concurrent.ExecutionContext;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;

/**
 * Asks an actor and hears the answer on the thread that brings it. The {@code CompletionStage} of
 * {@link AskPattern} would run whatever depends on it on the default executor of {@code
 * CompletableFuture}: a new thread for each answer on a machine with one or two processors.
 */
final class Asking {

  private Asking() {}

  /**
   * Asks.
   *
   * @param answered gets the answer; must be quick
   * @param lost called if there is none within the time
   */
  static <M, A> void ask(
      ActorRef<M> actor,
      Function<ActorRef<A>, M> message,
      Duration timeout,
      Scheduler scheduler,
      Consumer<A> answered,
      Runnable lost) {
    Future<A> answer = FutureConverters.asScala(AskPattern.ask(actor, message, timeout, scheduler));
    answer.onComplete(
        outcome -> {
          if (outcome.isSuccess()) {
            answered.accept(outcome.get());
          } else {
            lost.run();
          }
          return null;
        },
        ExecutionContext.parasitic$.MODULE$);
  }
}
