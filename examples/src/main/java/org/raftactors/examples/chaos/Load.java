package org.raftactors.examples.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.raftactors.examples.process.NodeClient;
import org.raftactors.examples.process.Reply;
import org.raftactors.testkit.linearizability.History;
import org.raftactors.testkit.linearizability.Operation;
import org.raftactors.testkit.linearizability.RegisterInput;
import org.raftactors.testkit.linearizability.RegisterOutput;

/**
 * Clients, two or three for each node, each of which does one thing after the other: put, get,
 * compare-and-set and delete on a few keys, with values that nothing else writes, and stale reads.
 * Every request is sent once. What the clients were told goes into the history; a client whose
 * write has an unknown outcome goes on as if it were another one.
 */
final class Load implements AutoCloseable {

  private static final int CLIENTS_AT_MOST = 10;
  private static final int CLIENTS_OF_EACH = 3;
  private static final int PAUSE_MILLIS = 40;
  private static final int NOBODY_THERE_MILLIS = 200;

  private final ChaosCluster cluster;
  private final Clock clock;
  private final Keys keys = new Keys();
  private final History<RegisterInput, RegisterOutput> history = new History<>();
  private final ConcurrentLinkedQueue<Sample> samples = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Placed> placed = new ConcurrentLinkedQueue<>();
  private final AtomicLong values = new AtomicLong();
  private final AtomicLong succeeded = new AtomicLong();
  private final AtomicBoolean over = new AtomicBoolean();
  private final ExecutorService threads;
  private final int clients;
  private final Waiting waiting;

  Load(ChaosCluster cluster, Clock clock, Waiting waiting) {
    this.cluster = cluster;
    this.clock = clock;
    this.waiting = waiting;
    int nodes = cluster.nodes().size();
    this.clients = Math.min(CLIENTS_AT_MOST, nodes * CLIENTS_OF_EACH);
    this.threads = Executors.newFixedThreadPool(clients);
  }

  void start(long seed) {
    for (int i = 0; i < clients; i++) {
      int client = i;
      Random random = new Random(seed * 31 + client + 1);
      threads.execute(() -> runClient(client, random));
    }
  }

  private void runClient(int client, Random random) {
    int node = client % cluster.nodes().size();
    NodeClient http = new NodeClient();
    try {
      while (!over.get()) {
        Keys.Key key = keys.next(random);
        RegisterInput input = draw(key, random);
        boolean stale = input instanceof RegisterInput.Get && random.nextInt(3) == 0;
        boolean sent = stale ? readStale(node, http, key) : attempt(client, node, http, key, input);
        waiting.pass(sent ? random.nextInt(PAUSE_MILLIS) : NOBODY_THERE_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      problems.add("client " + client + " failed: " + e);
    }
  }

  private RegisterInput draw(Keys.Key key, Random random) {
    String value = "v" + values.incrementAndGet();
    int dice = random.nextInt(20);
    if (dice < 8) {
      return new RegisterInput.Get(key.name);
    }
    if (dice < 13) {
      return new RegisterInput.Put(key.name, value);
    }
    if (dice < 19) {
      String guess = key.guess();
      return new RegisterInput.CompareAndSwap(key.name, guess.isEmpty() ? null : guess, value);
    }
    return new RegisterInput.Delete(key.name);
  }

  /** Does one thing; false if nobody was there to be asked. */
  private boolean attempt(
      int client, int node, NodeClient http, Keys.Key key, RegisterInput input) {
    long began = clock.now();
    var call = history.invoke(client, began, input);
    Reply reply = Requests.send(http, cluster.nodes().get(node).process, input);
    long ended = clock.now();
    Requests.Answer answer = Requests.answer(input, reply);
    samples.add(new Sample(node, input.toString(), began, ended, answer.outcome()));
    RegisterOutput output = answer.output();
    if (output != null) {
      call.complete(ended, output);
      succeeded.incrementAndGet();
      key.saw(Requests.seen(input, output));
      place(input, answer, false, began, ended);
      return true;
    }
    switch (answer.outcome()) {
      case REFUSED, NOT_SENT -> call.fail();
      case WRONG -> wrong.add("n" + (node + 1) + " answered " + input + " with " + reply);
      default -> {
        if (!(input instanceof RegisterInput.Get)) {
          keys.unknown(key);
        }
      }
    }
    return answer.outcome() != Sample.Outcome.NOT_SENT;
  }

  /** A stale read is no part of the history, but its place in the log says how old it was. */
  private boolean readStale(int node, NodeClient http, Keys.Key key) {
    RegisterInput get = new RegisterInput.Get(key.name);
    long began = clock.now();
    Reply reply = Requests.sendStale(http, cluster.nodes().get(node).process, key.name);
    long ended = clock.now();
    Requests.Answer answer = Requests.answer(get, reply);
    samples.add(new Sample(node, "stale " + get, began, ended, answer.outcome()));
    if (answer.output() != null) {
      succeeded.incrementAndGet();
      place(get, answer, true, began, ended);
    } else if (answer.outcome() == Sample.Outcome.WRONG) {
      wrong.add("n" + (node + 1) + " answered a stale " + get + " with " + reply);
    }
    return answer.outcome() != Sample.Outcome.NOT_SENT;
  }

  private void place(
      RegisterInput input, Requests.Answer answer, boolean stale, long began, long ended) {
    RegisterOutput output = answer.output();
    Placed.Place place = answer.place();
    if (output != null && place != null) {
      placed.add(new Placed(input, output, stale, place, began, ended));
    }
  }

  /**
   * Reads every key once, through all nodes in turn, until it is answered: what is in the store in
   * the end belongs to the history.
   */
  boolean readAll() throws InterruptedException {
    NodeClient http = new NodeClient();
    int node = 0;
    for (String key : keys.all()) {
      RegisterInput get = new RegisterInput.Get(key);
      List<ChaosNode> running = cluster.notLost();
      ChaosNode asked = running.get(node++ % running.size());
      boolean answered =
          waiting.until(
              "an answer to the read of " + key,
              () -> {
                long began = clock.now();
                var call = history.invoke(clients, began, get);
                Requests.Answer answer =
                    Requests.answer(get, Requests.send(http, asked.process, get));
                RegisterOutput output = answer.output();
                if (output == null) {
                  call.fail();
                  return false;
                }
                long ended = clock.now();
                call.complete(ended, output);
                place(get, answer, false, began, ended);
                return true;
              });
      if (!answered) {
        return false;
      }
    }
    return true;
  }

  /** Ends the load and waits for the answers that are missing. */
  boolean stop() throws InterruptedException {
    over.set(true);
    threads.shutdown();
    return threads.awaitTermination(60, TimeUnit.SECONDS);
  }

  long succeeded() {
    return succeeded.get();
  }

  List<Operation<RegisterInput, RegisterOutput>> history() {
    return history.operations();
  }

  List<Sample> samples() {
    return new ArrayList<>(samples);
  }

  /** What has a result, with its place in the log. */
  List<Placed> placed() {
    return List.copyOf(placed);
  }

  /** Answers that the service may not give. */
  List<String> wrongAnswers() {
    return List.copyOf(wrong);
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
