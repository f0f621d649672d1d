package org.raftactors.testkit.actors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.jspecify.annotations.Nullable;
import org.raftactors.Codecs;
import org.raftactors.ProposalResult;
import org.raftactors.Propose;
import org.raftactors.ProposeBatch;
import org.raftactors.RaftPartition;
import org.raftactors.Read;
import org.raftactors.ReadLevel;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.StateMachine;
import org.raftactors.core.log.Payload;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.testkit.Operation;

/**
 * One client: does its operations one after the other, tries again what was rejected, follows the
 * leader, and gives up on what was not answered in time. It is no actor; its requests have one each
 * that gets the answer, so that a second answer is noticed.
 */
final class Client<C, Q, R, M extends StateMachine<C, Q, R>> {

  private static final long MILLI = 1_000_000;
  private static final long SECOND = 1_000 * MILLI;
  private static final long MAX_TRAVEL = 5 * MILLI;
  private static final long ATTEMPT_NANOS = 8 * SECOND;
  private static final long OPERATION_NANOS = 20 * SECOND;
  private static final List<Duration> MAX_LAGS =
      List.of(Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofDays(1));

  private final int number;
  private final Cluster<C, Q, R, M> cluster;
  private final RandomGenerator random;
  private final long meanPause;
  private final History<C, Q, R> history;
  private final Serialization serialization;
  private final List<Operation<C, Q>> operations;
  private final List<ActorRef<?>> actors = new ArrayList<>();
  private final List<Attempt> attempts = new ArrayList<>();
  private int next;
  private int underWay;
  private long lastBatch;
  private boolean done;
  private int preferred;

  Client(
      int number,
      Cluster<C, Q, R, M> cluster,
      RandomGenerator random,
      long meanPause,
      List<Operation<C, Q>> operations,
      History<C, Q, R> history) {
    this.number = number;
    this.cluster = cluster;
    this.random = random;
    this.meanPause = meanPause;
    this.operations = operations;
    this.history = history;
    this.serialization = SerializationExtension.get(cluster.system().classic());
    this.preferred = random.nextInt(cluster.nodes().size());
  }

  boolean isDone() {
    return done;
  }

  /**
   * A request that must have an answer and has none, null if there is none: one to a process that
   * runs since before it was sent. (What a process had in its hands when it ended may be lost.)
   */
  @Nullable String unanswered() {
    for (Attempt attempt : attempts) {
      Node<C, Q, R, M> node = cluster.nodes().get((int) attempt.process.node() - 1);
      if (!attempt.answered && node.process().equals(attempt.process)) {
        return attempt.record + ", sent to r" + node.id();
      }
    }
    return null;
  }

  List<ActorRef<?>> actors() {
    return actors;
  }

  void start() {
    pauseThenNext();
  }

  private void pauseThenNext() {
    if (next == operations.size()) {
      done = true;
      return;
    }
    // Some operations come in a rush, so that writes gather.
    long pause = random.nextInt(3) == 0 ? 0 : random.nextLong(3 * meanPause + 1);
    List<Operation<C, Q>> together = takeNext();
    underWay = together.size();
    cluster.system().loop().after(pause, () -> begin(together));
  }

  /** One operation, or some commands that are sent in one message. */
  private List<Operation<C, Q>> takeNext() {
    List<Operation<C, Q>> taken = new ArrayList<>();
    taken.add(operations.get(next++));
    int more = random.nextInt(4) == 0 ? random.nextInt(6) : 0;
    while (more-- > 0
        && taken.get(0) instanceof Operation.Command
        && next < operations.size()
        && operations.get(next) instanceof Operation.Command) {
      taken.add(operations.get(next++));
    }
    return taken;
  }

  private void begin(List<Operation<C, Q>> together) {
    if (together.size() == 1) {
      begin(together.get(0));
    } else {
      long now = cluster.system().loop().now();
      attemptTogether(
          together.stream().map(each -> history.begin(number, each, null, now)).toList());
    }
  }

  private void begin(Operation<C, Q> operation) {
    boolean stale = operation instanceof Operation.Query && random.nextInt(10) == 0;
    Duration maxLag = stale ? MAX_LAGS.get(random.nextInt(MAX_LAGS.size())) : null;
    attempt(history.begin(number, operation, maxLag, cluster.system().loop().now()));
  }

  /** One request to one node, with one answer at most. */
  private final class Attempt implements SentBatch.Waiting {
    private final History.Recorded<C, Q> record;
    private final Network.Sender process;
    private final boolean encoded;
    private final long askedAt = cluster.system().loop().now();
    private EventLoop.@Nullable Timer deadline;
    private boolean answered;
    private boolean over;

    private Attempt(History.Recorded<C, Q> record, Network.Sender process, boolean encoded) {
      this.record = record;
      this.process = process;
      this.encoded = encoded;
    }

    @Override
    public String toString() {
      return record.toString();
    }

    @Override
    public void onAnswer(Object answer) {
      if (answered) {
        cluster
            .findings()
            .violated(Checks.ONE_ANSWER, record + " is answered a second time: " + answer);
      }
      answered = true;
      if (cluster.network().isSilenced(process)) {
        return; // said by a process that is dead
      }
      // Checked when it is said, not when it is heard.
      History.@Nullable Answer said = history.answered(record, answer, encoded);
      Duration maxLag = record.maxLag();
      if (said != null && maxLag != null) {
        cluster
            .staleness()
            .answered(
                record + " to r" + process.node(), askedAt, maxLag.toNanos(), said.token().index());
      }
      cluster
          .system()
          .loop()
          .after(
              random.nextLong(MAX_TRAVEL),
              () -> {
                if (!over) {
                  over = true;
                  if (deadline != null) {
                    deadline.cancel();
                  }
                  hear(record, answer, said);
                }
              });
    }

    private void onDeadline() {
      if (!over) {
        over = true;
        cluster.trace().add(name(), record + " gets no answer");
        finish(record, History.Outcome.UNKNOWN, null);
      }
    }
  }

  private String name() {
    return "client " + number;
  }

  private void attempt(History.Recorded<C, Q> record) {
    Node<C, Q, R, M> node = cluster.nodes().get(preferred);
    ActorRef<RaftPartition.Command> target = node.parent();
    if (target == null) { // nobody listens there, which a client notices
      preferred = random.nextInt(cluster.nodes().size());
      tryAgain(record, 100 * MILLI);
      return;
    }
    boolean remote = random.nextBoolean();
    Attempt attempt = new Attempt(record, node.process(), remote);
    ActorRef<Object> replyTo = waiting(remote, attempt::onAnswer);
    send(target, request(record, remote, replyTo), List.of(attempt));
  }

  private void attemptTogether(List<History.Recorded<C, Q>> records) {
    Node<C, Q, R, M> node = cluster.nodes().get(preferred);
    ActorRef<RaftPartition.Command> target = node.parent();
    if (target == null) {
      preferred = random.nextInt(cluster.nodes().size());
      records.forEach(record -> tryAgain(record, 100 * MILLI));
      return;
    }
    boolean remote = random.nextBoolean();
    List<Attempt> sent =
        records.stream().map(record -> new Attempt(record, node.process(), true)).toList();
    long id = ++lastBatch;
    SentBatch batch = new SentBatch(id, sent, cluster.findings());
    ActorRef<Object> replyTo = waiting(remote, batch::onAnswer);
    List<Payload> commands =
        records.stream().map(record -> Payload.of(record.bytes().clone())).toList();
    ProposeBatch request = new ProposeBatch(id, commands, replyTo.narrow());
    send(target, remote ? (RaftPartition.Command) throughBytes(request) : request, sent);
  }

  private ActorRef<Object> waiting(boolean remote, Consumer<Object> answered) {
    ActorRef<Object> replyTo =
        cluster
            .system()
            .spawn(
                Behaviors.receiveMessage(
                    answer -> {
                      answered.accept(remote ? throughBytes(answer) : answer);
                      return Behaviors.same();
                    }),
                "request");
    actors.add(replyTo);
    return replyTo;
  }

  private void send(
      ActorRef<RaftPartition.Command> target, RaftPartition.Command request, List<Attempt> sent) {
    EventLoop loop = cluster.system().loop();
    loop.after(random.nextLong(MAX_TRAVEL), () -> target.tell(request));
    for (Attempt attempt : sent) {
      attempts.add(attempt);
      attempt.deadline = loop.after(ATTEMPT_NANOS, attempt::onDeadline);
    }
  }

  /** Half of the requests come as objects, the others as bytes, as if from another node. */
  private RaftPartition.Command request(
      History.Recorded<C, Q> record, boolean remote, ActorRef<Object> replyTo) {
    Codecs<C, Q, R> codecs = cluster.plan().codecs();
    RaftPartition.Command request;
    if (record.operation() instanceof Operation.Command<C, Q> command) {
      byte[] bytes = codecs.command().encode(command.command());
      request = new Propose(Payload.of(bytes), remote, replyTo);
    } else {
      byte[] bytes = codecs.query().encode(((Operation.Query<C, Q>) record.operation()).query());
      Duration maxLag = record.maxLag();
      ReadLevel level = maxLag == null ? ReadLevel.LINEARIZABLE : ReadLevel.stale(maxLag);
      request = new Read(Payload.of(bytes), level, remote, replyTo);
    }
    return remote ? (RaftPartition.Command) throughBytes(request) : request;
  }

  private Object throughBytes(Object message) {
    Serializer serializer = serialization.findSerializerFor(message);
    return serialization
        .deserialize(
            serializer.toBinary(message),
            serializer.identifier(),
            Serializers.manifestFor(serializer, message))
        .get();
  }

  private void hear(History.Recorded<C, Q> record, Object answer, History.@Nullable Answer said) {
    cluster.trace().add(name(), record + " <- " + (said == null ? answer : said));
    if (said != null) {
      finish(record, History.Outcome.DONE, said);
    } else if (answer instanceof ProposalResult.Unknown<?>) {
      finish(record, History.Outcome.UNKNOWN, null);
    } else if (answer instanceof ProposalResult.Rejected<?> no) {
      rejected(record, no.reason(), no.leader().orElse(null), no.retryAfter());
    } else if (answer instanceof ReadResult.Rejected<?> no) {
      rejected(record, no.reason(), no.leader().orElse(null), no.retryAfter());
    } else {
      cluster.findings().violated(Checks.ONE_ANSWER, "not an answer: " + answer);
    }
  }

  private void rejected(
      History.Recorded<C, Q> record,
      RejectReason reason,
      @Nullable ReplicaId leader,
      Duration retryAfter) {
    if (reason == RejectReason.TOO_LARGE) {
      finish(record, History.Outcome.REFUSED, null);
      return;
    }
    preferred =
        leader != null && random.nextInt(8) > 0
            ? (int) leader.value() - 1
            : random.nextInt(cluster.nodes().size());
    tryAgain(record, retryAfter.toNanos());
  }

  private void tryAgain(History.Recorded<C, Q> record, long afterNanos) {
    EventLoop loop = cluster.system().loop();
    if (loop.now() - record.invoked() > OPERATION_NANOS) {
      finish(record, History.Outcome.REFUSED, null);
    } else {
      loop.after(afterNanos + random.nextLong(50 * MILLI), () -> attempt(record));
    }
  }

  private void finish(
      History.Recorded<C, Q> record, History.Outcome outcome, History.@Nullable Answer answer) {
    history.end(record, outcome, answer, cluster.system().loop().now());
    if (--underWay == 0) {
      pauseThenNext();
    }
  }
}
