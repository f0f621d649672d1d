package org.raftactors.testkit.linearizability;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A register in a simulated world: every operation takes effect at one moment between its
 * invocation and its completion, so the history is linearizable by construction.
 */
final class RandomRegister {

  private final SplittableRandom random;
  private final int clients;
  private final double unknown;
  private final double writes;
  private final List<Operation<RegisterInput, RegisterOutput>> operations = new ArrayList<>();
  private RegisterModel.Register state = Registers.MODEL.initial();
  private int values;

  /** What a client is doing, in three steps. */
  private static final class Client {
    @Nullable RegisterInput input;
    long invoked;
    @Nullable RegisterOutput output;
    boolean done;
  }

  RandomRegister(long seed, int clients, double unknown, double writes) {
    this.random = new SplittableRandom(seed);
    this.clients = clients;
    this.unknown = unknown;
    this.writes = writes;
  }

  List<Operation<RegisterInput, RegisterOutput>> operations(int count) {
    List<Client> all = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      all.add(new Client());
    }
    for (long now = 1; operations.size() < count; now++) {
      int number = random.nextInt(clients);
      Client client = all.get(number);
      RegisterInput input = client.input;
      if (input == null) {
        client.input = draw();
        client.invoked = now;
      } else if (!client.done && random.nextDouble() < unknown) {
        // Nobody hears of it any more, whether it takes effect or not.
        if (random.nextBoolean()) {
          execute(input);
        }
        operations.add(Operation.unknown(number, client.invoked, input));
        all.set(number, new Client());
      } else if (!client.done) {
        client.output = execute(input);
        client.done = true;
      } else {
        operations.add(new Operation<>(number, client.invoked, now, input, client.output));
        all.set(number, new Client());
      }
    }
    // What is still under way has perhaps taken effect already.
    for (int number = 0; number < clients; number++) {
      RegisterInput input = all.get(number).input;
      if (input != null) {
        operations.add(Operation.unknown(number, all.get(number).invoked, input));
      }
    }
    return operations;
  }

  private RegisterInput draw() {
    if (random.nextDouble() >= writes) {
      return new RegisterInput.Get("k");
    }
    return switch (random.nextInt(5)) {
      case 0 -> new RegisterInput.Delete("k");
      case 1, 2 ->
          new RegisterInput.CompareAndSwap(
              "k", random.nextInt(4) == 0 ? value() : state.value(), "v" + ++values);
      default -> new RegisterInput.Put("k", "v" + ++values);
    };
  }

  /** One that was written before, or is being written. */
  private String value() {
    return "v" + random.nextInt(values + 1);
  }

  private RegisterOutput execute(RegisterInput input) {
    RegisterOutput output;
    if (input instanceof RegisterInput.Put) {
      output = new RegisterOutput.Written();
    } else if (input instanceof RegisterInput.Get) {
      output = new RegisterOutput.Value(state.value());
    } else if (input instanceof RegisterInput.Delete) {
      output = new RegisterOutput.Deleted(state.value() != null);
    } else {
      RegisterInput.CompareAndSwap swap = (RegisterInput.CompareAndSwap) input;
      output =
          new RegisterOutput.Compared(Objects.equals(swap.expect(), state.value()), state.value());
    }
    RegisterModel.Register next = Registers.MODEL.step(state, input, output);
    if (next == null) {
      throw new IllegalStateException("the model refuses " + input + " -> " + output);
    }
    state = next;
    return output;
  }
}
