package org.raftactors.actor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.raftactors.PlainCodecs;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.RaftPartition;

/** Proposers that count every answer, each proposal with a reference of its own. */
final class Clients {

  private final ActorTestKit kit;
  private final Map<String, List<ProposalResult<String>>> answers = new ConcurrentHashMap<>();
  private final AtomicInteger total = new AtomicInteger();

  Clients(ActorTestKit kit) {
    this.kit = kit;
  }

  /** Proposes; the answer is filed under the command. */
  void propose(ActorRef<RaftPartition.Command> at, String command) {
    at.tell(Propose.of(PlainCodecs.TEXT, command, clientOf(command)));
  }

  private ActorRef<ProposalResult<String>> clientOf(String command) {
    answers.put(command, new ArrayList<>());
    return kit.spawn(
        Behaviors.receiveMessage(
            answer -> {
              answers.compute(
                  command,
                  (key, before) -> {
                    List<ProposalResult<String>> all =
                        new ArrayList<>(before == null ? List.of() : before);
                    all.add(answer);
                    return all;
                  });
              total.incrementAndGet();
              return Behaviors.same();
            }));
  }

  int total() {
    return total.get();
  }

  /** All answers to a command. */
  List<ProposalResult<String>> to(String command) {
    return List.copyOf(answers.getOrDefault(command, List.of()));
  }

  /** One reference for many proposals whose answers need not be told apart. */
  static ActorRef<ProposalResult<String>> counting(
      ActorTestKit kit, ConcurrentLinkedQueue<ProposalResult<String>> into) {
    return kit.spawn(
        Behaviors.receiveMessage(
            answer -> {
              into.add(answer);
              return Behaviors.same();
            }));
  }
}
