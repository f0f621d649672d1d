package org.raftactors.testkit.simulation.world;

import java.util.ArrayList;
import java.util.List;
import org.raftactors.testkit.simulation.check.ClientHistory;
import org.raftactors.testkit.simulation.check.Request;
import org.raftactors.testkit.simulation.plan.Operation;

/** The clients of a schedule, and one more that looks whether the cluster works at its end. */
final class Clients {

  private final World world;
  private final List<Client> clients = new ArrayList<>();
  private final ClientHistory history = new ClientHistory();
  private long lastValue;

  Clients(World world) {
    this.world = world;
    int count = world.plan().parameters().load().clients();
    for (int i = 0; i <= count; i++) {
      clients.add(new Client(world, i, world.seeds().client(i), i == count));
    }
  }

  void begin() {
    for (Operation operation : world.plan().operations()) {
      clients.get(operation.client()).add(operation);
    }
  }

  /** The client that looks whether the cluster works. */
  Client inspector() {
    return clients.get(clients.size() - 1);
  }

  /** Which number that one has. */
  int inspectorNumber() {
    return clients.size() - 1;
  }

  /** What was not begun never will be. */
  void forget() {
    clients.forEach(Client::forget);
  }

  boolean areIdle() {
    for (Client client : clients) {
      if (!client.isIdle()) {
        return false;
      }
    }
    return true;
  }

  long newValue() {
    return ++lastValue;
  }

  ClientHistory history() {
    return history;
  }

  void turn(int client, long scheduled) {
    clients.get(client).turn(scheduled);
  }

  void heard(Event event) {
    if (event.payload instanceof Request request) {
      clients.get(event.node).heard(request);
    }
  }

  /** A replica has answered. */
  void answered(Request request) {
    if (request.client() >= 0) {
      clients.get(request.client()).answered(request);
    }
  }

  /** Nobody is there to take it. */
  void refused(Request request) {
    world.requests().rejected(request, -1);
    answered(request);
  }
}
