package org.raftactors.examples.kv;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.raftactors.PartitionId;
import org.raftactors.ProposalResult;
import org.raftactors.ReadResult;
import org.raftactors.RejectReason;
import org.raftactors.SnapshotResult;
import org.raftactors.Token;

/**
 * Outcomes as HTTP responses. The one rule that matters: 503 says that the request never happened
 * and never will, 504 that nobody knows.
 */
final class Answers {

  private Answers() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static HttpResponse json(StatusCode status, JsonNode body) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(HttpEntities.create(ContentTypes.APPLICATION_JSON, body + "\n"));
  }

  static HttpResponse error(StatusCode status, String error, String message) {
    return json(status, object().put("error", error).put("message", message));
  }

  static HttpResponse bad(String message) {
    return error(StatusCodes.BAD_REQUEST, "bad-request", message);
  }

  static HttpResponse bad(IllegalArgumentException problem) {
    return bad(String.valueOf(problem.getMessage()));
  }

  /** What Pekko says in plain text of a request that no route takes, in the form of all errors. */
  static HttpResponse ofRejection(HttpResponse response) {
    if (!(response.entity() instanceof HttpEntity.Strict text)) {
      return response;
    }
    StatusCode status = response.status();
    String error =
        switch (status.intValue()) {
          case 400 -> "bad-request";
          case 404 -> "no-such-path";
          case 405 -> "method-not-allowed";
          default -> "refused";
        };
    return response.withEntity(error(status, error, text.getData().utf8String()).entity());
  }

  static HttpResponse tooLarge(String message) {
    return error(StatusCodes.CONTENT_TOO_LARGE, "too-large", message);
  }

  /** Says that a write may have happened or not. */
  static HttpResponse unknown(String reason) {
    return json(
        StatusCodes.GATEWAY_TIMEOUT, object().put("error", "unknown").put("reason", reason));
  }

  static HttpResponse rejected(RejectReason reason, Duration retryAfter) {
    if (reason == RejectReason.TOO_LARGE) {
      return tooLarge("the command is larger than raft-actors.partition.max-entry-bytes");
    }
    return json(
        StatusCodes.SERVICE_UNAVAILABLE,
        object()
            .put("error", "rejected")
            .put("reason", word(reason))
            .put("retryAfterMs", retryAfter.toMillis()));
  }

  static HttpResponse ofProposal(ProposalResult<KvResult> outcome) {
    if (outcome instanceof ProposalResult.Committed<KvResult> committed) {
      return ofCommitted(committed.result(), committed.token());
    }
    if (outcome instanceof ProposalResult.Rejected<KvResult> rejected) {
      return rejected(rejected.reason(), rejected.retryAfter());
    }
    return unknown(word(((ProposalResult.Unknown<KvResult>) outcome).reason()));
  }

  private static HttpResponse ofCommitted(KvResult result, Token token) {
    ObjectNode body = object();
    if (result instanceof KvResult.Compared compared) {
      body.put("swapped", compared.swapped()).put("actual", compared.actual());
    }
    if (result instanceof KvResult.NotText) {
      body.put("error", "not-text").put("message", "the key holds a value that is not UTF-8");
    }
    body.put("index", token.index())
        .put("term", token.term())
        .put("partition", token.partition().value());
    if (result instanceof KvResult.Written written) {
      body.put("version", written.version());
    }
    if (result instanceof KvResult.Deleted deleted) {
      body.put("deleted", deleted.existed());
    }
    return withToken(
        json(result instanceof KvResult.NotText ? StatusCodes.CONFLICT : StatusCodes.OK, body),
        token);
  }

  static HttpResponse ofRead(ReadResult<KvResult> outcome) {
    if (outcome instanceof ReadResult.Rejected<KvResult> rejected) {
      return rejected(rejected.reason(), rejected.retryAfter());
    }
    ReadResult.Answered<KvResult> answered = (ReadResult.Answered<KvResult>) outcome;
    if (answered.result() instanceof KvResult.Found found) {
      return withToken(
              HttpResponse.create()
                  .withEntity(
                      HttpEntities.create(ContentTypes.APPLICATION_OCTET_STREAM, found.value())),
              answered.token())
          .addHeader(RawHeader.create("Kv-Index", Long.toString(found.index())))
          .addHeader(RawHeader.create("Kv-Version", Long.toString(found.version())));
    }
    return withToken(
        error(StatusCodes.NOT_FOUND, "absent", "there is no such key"), answered.token());
  }

  static HttpResponse ofDigest(ReadResult<KvResult> outcome) {
    if (outcome instanceof ReadResult.Answered<KvResult> answered
        && answered.result() instanceof KvResult.Digest digest) {
      return withToken(
          json(
              StatusCodes.OK,
              object()
                  .put("partition", answered.token().partition().value())
                  .put("appliedIndex", answered.token().index())
                  .put("lastCommandIndex", digest.index())
                  .put("commands", digest.commands())
                  .put("keys", digest.keys())
                  .put("history", Long.toHexString(digest.history()))
                  .put("content", Long.toHexString(digest.content()))),
          answered.token());
    }
    return ofRead(outcome);
  }

  static HttpResponse ofSnapshot(PartitionId partition, SnapshotResult result) {
    ObjectNode body = object().put("partition", partition.value());
    if (result instanceof SnapshotResult.NotTaken no) {
      boolean later =
          switch (no.reason()) {
            case NOTHING_APPLIED, RESTORING, NO_LEADER, OVERLOADED, UNAVAILABLE -> true;
            case UNSUPPORTED, FAILED -> false;
          };
      body.put("error", later ? "rejected" : word(no.reason()))
          .put("reason", word(no.reason()))
          .put("message", no.detail());
      return json(
          later ? StatusCodes.SERVICE_UNAVAILABLE : StatusCodes.INTERNAL_SERVER_ERROR, body);
    }
    boolean taken = result instanceof SnapshotResult.Taken;
    SnapshotResult.Stored stored =
        result instanceof SnapshotResult.Taken one
            ? one.snapshot()
            : ((SnapshotResult.NothingNew) result).snapshot();
    return json(
        StatusCodes.OK,
        body.put("taken", taken)
            .put("name", stored.name())
            .put("index", stored.index())
            .put("term", stored.term())
            .put("sizeBytes", stored.sizeBytes())
            .put("hash", stored.hash()));
  }

  private static HttpResponse withToken(HttpResponse response, Token token) {
    return response.addHeader(RawHeader.create("Raft-Token", token.asText()));
  }

  /** An enum constant as it is written in JSON. */
  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
