package org.raftactors.examples.kv;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.raftactors.PartitionId;
import org.raftactors.PartitionStatus;
import org.raftactors.cluster.NodeHealth;
import org.raftactors.cluster.StorageStatus;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.persistence.rocksdb.JournalDamage;
import org.raftactors.persistence.rocksdb.ScrubReport;

/**
 * What an operator asks a node: its partitions, its data, its health, a digest or snapshot of a
 * replica, a backup.
 */
final class OperatorRoutes extends AllDirectives {

  private static final int BACKUP_CHUNK_BYTES = 64 << 10;

  private final KvBackend backend;

  OperatorRoutes(KvBackend backend) {
    this.backend = backend;
  }

  Route create() {
    return concat(
        pathPrefix(
            "raft",
            () ->
                concat(
                    path("partitions", () -> get(this::partitions)),
                    path("snapshot", () -> post(this::snapshot)),
                    path("backup", () -> get(this::backup)),
                    path("storage", () -> get(this::storage)),
                    path("scrub", () -> post(this::scrub)))),
        pathPrefix("cluster", () -> path("members", () -> get(this::members))),
        path("kv-digest", () -> get(this::digest)),
        pathPrefix(
            "health",
            () ->
                concat(
                    path("live", () -> get(() -> health("live", NodeHealth::live))),
                    path("ready", () -> get(() -> health("ready", NodeHealth::ready))))));
  }

  private Route health(String what, Predicate<NodeHealth> good) {
    return completeWithFuture(
        backend
            .health()
            .thenApply(
                health -> {
                  ObjectNode body = Answers.object().put(what, good.test(health));
                  health.problems().forEach(body.putArray("problems")::add);
                  return Answers.json(
                      good.test(health) ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE, body);
                }));
  }

  private Route digest() {
    return ofPartition(
        partition ->
            completeWithFuture(KvRoutes.answer(backend.digest(partition), Answers::ofDigest)));
  }

  private Route snapshot() {
    return ofPartition(
        partition ->
            completeWithFuture(
                backend
                    .takeSnapshot(partition)
                    .handle(
                        (result, failure) ->
                            failure == null
                                ? Answers.ofSnapshot(partition, result)
                                : Answers.unknown("the replica has not answered in time"))));
  }

  /** What goes wrong once it has begun stands in the stream itself, as its end. */
  private Route backup() {
    InputStream stream;
    try {
      stream = backend.backup();
    } catch (IllegalStateException e) {
      return complete(
          Answers.error(
              StatusCodes.SERVICE_UNAVAILABLE, "rejected", String.valueOf(e.getMessage())));
    }
    return complete(
        HttpResponse.create()
            .withEntity(
                HttpEntities.create(
                    ContentTypes.APPLICATION_OCTET_STREAM,
                    StreamConverters.fromInputStream(() -> stream, BACKUP_CHUNK_BYTES))));
  }

  private Route ofPartition(Function<PartitionId, Route> inner) {
    return parameterOptional(
        "partition",
        given -> {
          String text = given.orElse("");
          if (!text.matches("[0-9]{1,18}")
              || !backend.partitionIds().contains(new PartitionId(Long.parseLong(text)))) {
            return complete(
                Answers.bad(
                    "parameter partition is '"
                        + text
                        + "', but must be one of this node's: "
                        + backend.partitionIds().stream().map(PartitionId::value).toList()));
          }
          return inner.apply(new PartitionId(Long.parseLong(text)));
        });
  }

  private Route storage() {
    return complete(
        backend
            .storage()
            .map(status -> Answers.json(StatusCodes.OK, report(status)))
            .orElseGet(OperatorRoutes::notStarted));
  }

  /** Takes as long as there are data: how far it is, the storage tells. */
  private Route scrub() {
    CompletableFuture<ScrubReport> report = backend.scrub().toCompletableFuture();
    return complete(
        report.isCompletedExceptionally()
            ? notStarted()
            : Answers.json(StatusCodes.ACCEPTED, Answers.object().put("scrub", "started")));
  }

  private static HttpResponse notStarted() {
    return Answers.error(
        StatusCodes.SERVICE_UNAVAILABLE, "not-started", "the node has no store yet");
  }

  private static ObjectNode report(StorageStatus status) {
    ObjectNode json =
        Answers.object()
            .put("directory", status.directory().toString())
            .put("verdict", Answers.word(status.verdict().kind()))
            .put("damaged", status.verdict().damaged())
            .put("detail", status.verdict().detail())
            .put("pressure", Answers.word(status.pressure()));
    ArrayNode damages = json.putArray("damages");
    for (JournalDamage damage : status.damages()) {
      damages
          .addObject()
          .put("persistenceId", damage.persistenceId())
          .put("sequenceNr", damage.sequenceNr())
          .put("detail", damage.detail())
          .put("found", damage.found().toString());
    }
    status
        .scrub()
        .ifPresent(
            scrub ->
                json.putObject("scrub")
                    .put("complete", scrub.complete())
                    .put("records", scrub.records())
                    .put("bytes", scrub.bytes())
                    .put("expectedBytes", scrub.expectedBytes())
                    .put("damages", scrub.damages().size()));
    return json;
  }

  private Route members() {
    ObjectNode report = Answers.object().put("node", backend.node());
    ArrayNode members = report.putArray("members");
    for (KvBackend.Member member : backend.members()) {
      members
          .addObject()
          .put("address", member.address())
          .put("status", member.status())
          .put("reachable", member.reachable());
    }
    return complete(Answers.json(StatusCodes.OK, report));
  }

  private Route partitions() {
    return completeWithFuture(
        KvRoutes.answer(
            backend.partitions(), statuses -> Answers.json(StatusCodes.OK, report(statuses))));
  }

  private ObjectNode report(List<PartitionStatus> statuses) {
    ObjectNode report = Answers.object().put("node", backend.node());
    ArrayNode partitions = report.putArray("partitions");
    statuses.forEach(status -> partitions.add(partition(status)));
    return report;
  }

  private ObjectNode partition(PartitionStatus status) {
    ObjectNode json =
        Answers.object()
            .put("id", status.partition().value())
            .put("replica", status.replica().value())
            .put("state", Answers.word(status.state()))
            .put("role", Answers.word(status.role()))
            .put("term", status.term())
            .put("leader", status.leader().map(leader -> name(status, leader)).orElse(null))
            .put("leaderPublished", status.leaderPublished())
            .put("commitIndex", status.commitIndex())
            .put("appliedIndex", status.appliedIndex())
            .put("durableIndex", status.durableIndex())
            .put("lastIndex", status.lastIndex())
            .put("baseIndex", status.snapshots().baseIndex())
            .put("snapshotIndex", status.snapshots().newestIndex())
            .put("installingSnapshot", status.snapshots().installing())
            .put("caughtUp", status.caughtUp());
    if (!status.detail().isEmpty()) {
      json.put("detail", status.detail());
    }
    ArrayNode voters = json.putArray("voters");
    status.voters().forEach(voter -> voters.add(name(status, voter)));
    ArrayNode followers = json.putArray("followers");
    for (PartitionStatus.Peer peer : status.peers()) {
      followers
          .addObject()
          .put("node", name(status, peer.replica()))
          .put("state", peer.state().toLowerCase(Locale.ROOT))
          .put("matchIndex", peer.matchIndex())
          .put("inflightBytes", peer.inflightBytes());
    }
    return json;
  }

  private String name(PartitionStatus status, ReplicaId replica) {
    return backend.nodeOf(status.partition(), replica);
  }
}
