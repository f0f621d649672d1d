package org.raftactors.testkit.actors;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.raftactors.testkit.Operation;

/**
 * What the clients of a run do, all of them together.
 *
 * @param operations in the order in which they were drawn
 * @param questions every query among them, once
 * @param largestCommand in bytes
 */
record Load<C, Q>(List<Operation<C, Q>> operations, Collection<Q> questions, int largestCommand) {

  static <C, Q> Load<C, Q> draw(Plan<C, Q, ?, ?> plan, RandomGenerator random) {
    List<Operation<C, Q>> operations = new ArrayList<>();
    Map<Bytes, Q> questions = new LinkedHashMap<>();
    int largest = 0;
    for (int i = 0; i < plan.operations(); i++) {
      Operation<C, Q> operation = plan.load().next(random, i);
      operations.add(operation);
      if (operation instanceof Operation.Command<C, Q> command) {
        largest = Math.max(largest, plan.codecs().command().encode(command.command()).length);
      } else if (operation instanceof Operation.Query<C, Q> query) {
        byte[] bytes = plan.codecs().query().encode(query.query());
        questions.putIfAbsent(new Bytes(bytes), query.query());
      }
    }
    return new Load<>(operations, questions.values(), largest);
  }
}
