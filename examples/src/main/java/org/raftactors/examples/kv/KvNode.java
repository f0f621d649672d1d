package org.raftactors.examples.kv;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.raftactors.cluster.RaftApplication;
import org.raftactors.cluster.RaftClient;
import org.raftactors.cluster.RaftNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program of one node: command line in, HTTP service out, until a signal ends it.
 *
 * <p>Stopping is Pekko's coordinated shutdown: leadership is handed over, no new connections are
 * accepted, the last requests are answered, the replicas stop, the store is closed. The process
 * ends with 0 after that. It ends with another status, and one line on stderr, if the node was
 * refused, was downed or has failed.
 */
public final class KvNode {

  private static final Logger LOG = LoggerFactory.getLogger(KvNode.class);

  /** How long requests that are under way may take when the node is stopped. */
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(10);

  /** How long all of the stopping may take before the process just ends. */
  private static final Duration STOPPING = Duration.ofSeconds(60);

  private static volatile boolean signalled;

  private KvNode() {}

  /**
   * Runs a node until it is stopped or fails.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) {
    if (List.of(arguments).contains("--help")) {
      System.out.print(NodeArguments.USAGE);
      return;
    }
    NodeArguments parsed;
    try {
      parsed = NodeArguments.parse(arguments);
    } catch (BadArgumentException e) {
      fail(2, e.getMessage() + " (--help shows all arguments)");
      return;
    }
    ActorSystem<Void> system;
    try {
      system = ActorSystem.create(Behaviors.empty(), "kv", parsed.config());
    } catch (RuntimeException e) {
      fail(1, reason(e));
      return;
    }
    CoordinatedShutdown.get(system)
        .addTask(CoordinatedShutdown.PhaseBeforeServiceUnbind(), "say-why", () -> sayWhy(system));
    // Pekko waits for hooks that are added like this before remoting, in a hook of its own, cuts
    // all connections; with a plain hook of the JVM nobody would hear of the hand-over.
    CoordinatedShutdown.get(system).addJvmShutdownHook(() -> stopOnSignal(system));
    KvLimits limits;
    RaftNode node;
    try {
      limits = KvLimits.from(system.settings().config());
      node = RaftNode.get(system);
    } catch (RuntimeException e) {
      fail(1, reason(e)); // nothing runs yet that would have to be stopped
      return;
    }
    try {
      serve(system, parsed, limits, node);
    } catch (RuntimeException | ExecutionException e) {
      if (signalled) {
        return; // A start that was cut short: the shutdown knows how to end.
      }
      stop(system, CoordinatedShutdown.unknownReason());
      fail(1, reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(1, "interrupted");
    }
  }

  private static void serve(
      ActorSystem<Void> system, NodeArguments arguments, KvLimits limits, RaftNode node)
      throws ExecutionException, InterruptedException {
    RaftApplication<KvCommand, KvQuery, KvResult> application =
        RaftApplication.of(KvCodecs.ALL, partition -> new KvStateMachine());
    RaftClient<KvCommand, KvQuery, KvResult> client = node.client(application);
    KvBackend backend = new RaftBackend(system, node, client, limits.requestTimeout());
    // HTTP comes first: a node that waits for others can say so.
    ServerBinding binding =
        Http.get(system)
            .newServerAt(arguments.bind(), arguments.httpPort())
            .bind(new KvRoutes(backend, limits).create())
            .toCompletableFuture()
            .get();
    var unused = binding.addToCoordinatedShutdown(LAST_REQUESTS, system);
    LOG.info(
        "Node {} listens for clients at http://{}:{}",
        arguments.nodeId(),
        arguments.host(),
        arguments.httpPort());
    node.start(application).toCompletableFuture().get();
    system.getWhenTerminated().toCompletableFuture().get();
  }

  /**
   * Runs in the JVM's shutdown. A JVM that ends by a signal would report that as its status, but
   * for a node that is a clean end. If a shutdown has begun already, its own status stands.
   */
  private static void stopOnSignal(ActorSystem<Void> system) {
    if (CoordinatedShutdown.get(system).getShutdownReason().isEmpty()) {
      signalled = true;
      Runtime.getRuntime().halt(stop(system, CoordinatedShutdown.jvmExitReason()) ? 0 : 1);
    }
  }

  /** A node that runs already can still be found out not to belong here, or be downed. */
  private static CompletionStage<Done> sayWhy(ActorSystem<Void> system) {
    CoordinatedShutdown.get(system)
        .getShutdownReason()
        .flatMap(KvNode::why)
        .ifPresent(why -> System.err.println("kv-node: " + why));
    return CompletableFuture.completedStage(Done.getInstance());
  }

  private static Optional<String> why(CoordinatedShutdown.Reason reason) {
    if (reason == CoordinatedShutdown.clusterDowningReason()) {
      return Optional.of("this node was downed: it must be started again to take part");
    }
    return reason instanceof RaftNode.Refused || reason instanceof RaftNode.OtherCluster
        ? Optional.of(reason.toString())
        : Optional.empty();
  }

  private static boolean stop(ActorSystem<Void> system, CoordinatedShutdown.Reason reason) {
    CompletionStage<Done> stopped = CoordinatedShutdown.get(system).runAll(reason);
    try {
      stopped.toCompletableFuture().get(STOPPING.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      System.err.println("kv-node: stopping failed: " + reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static void fail(int status, String reason) {
    System.err.println("kv-node: " + reason.replaceAll("\\s*\\R\\s*", " "));
    System.err.flush();
    Runtime.getRuntime().halt(status);
  }

  /** What the innermost cause says, and what was tried if that does not say it. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null ? cause.toString() : message;
  }
}
