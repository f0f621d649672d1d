package org.raftactors.examples.kv;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.util.ByteString;
import org.raftactors.ReadLevel;
import org.raftactors.RejectReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store over HTTP. Any node answers for any key. */
final class KvRoutes extends AllDirectives {

  private static final Logger LOG = LoggerFactory.getLogger(KvRoutes.class);

  private final KvBackend backend;
  private final KvLimits limits;
  private final OperatorRoutes operator;

  KvRoutes(KvBackend backend, KvLimits limits) {
    this.backend = backend;
    this.limits = limits;
    this.operator = new OperatorRoutes(backend);
  }

  Route create() {
    // What no route takes is answered in the service's own form.
    return handleRejections(
        RejectionHandler.defaultHandler().mapRejectionResponse(Answers::ofRejection),
        () -> concat(pathPrefix("kv", this::store), operator.create()));
  }

  private Route store() {
    return concat(
        pathEndOrSingleSlash(() -> complete(Answers.bad("the key is missing"))),
        path(
            PathMatchers.segment(),
            key -> concat(get(() -> read(key)), put(() -> store(key)), delete(() -> remove(key)))),
        path(
            PathMatchers.segment().slash(PathMatchers.remaining()),
            (key, rest) ->
                rest.equals("cas")
                    ? post(() -> compareAndSet(key))
                    : complete(
                        Answers.bad("a key is one segment of the path: its / is written %2F"))));
  }

  private Route store(String key) {
    return body(
        limits.maxValueBytes(), "a value", value -> write(key, new KvCommand.Put(key, value)));
  }

  private Route remove(String key) {
    return write(key, new KvCommand.Delete(key));
  }

  private Route compareAndSet(String key) {
    return body(
        limits.maxCompareAndSetBytes(),
        "the body",
        body -> {
          CasRequest request;
          try {
            request = CasRequest.parse(body);
          } catch (IllegalArgumentException e) {
            return complete(Answers.bad(e));
          }
          int longest =
              Math.max(
                  Utf8.length(request.update()),
                  request.expect() == null ? 0 : Utf8.length(request.expect()));
          if (longest > limits.maxValueBytes()) {
            return complete(tooLarge("a value", limits.maxValueBytes()));
          }
          return write(key, new KvCommand.CompareAndSet(key, request.expect(), request.update()));
        });
  }

  private Route write(String key, KvCommand command) {
    return checked(
        key,
        () ->
            // The server's own time-out would say 503, "never happens", of a write under way.
            withRequestTimeoutResponse(
                request -> Answers.unknown("timed-out"),
                () ->
                    completeWithFuture(
                        backend
                            .propose(command)
                            .handle(
                                (outcome, failure) -> {
                                  if (failure == null) {
                                    return Answers.ofProposal(outcome);
                                  }
                                  LOG.warn("A proposal failed without an outcome", failure);
                                  return Answers.unknown("failed");
                                }))));
  }

  private Route read(String key) {
    return checked(
        key,
        () ->
            parameterOptional(
                "level", level -> parameterOptional("maxLagMs", lag -> read(key, level, lag))));
  }

  private Route read(String key, Optional<String> level, Optional<String> maxLagMs) {
    ReadLevel readLevel;
    try {
      readLevel = level(level.orElse("linearizable"), maxLagMs);
    } catch (IllegalArgumentException e) {
      return complete(Answers.bad(e));
    }
    return withRequestTimeoutResponse(
        request -> Answers.rejected(RejectReason.UNAVAILABLE, Duration.ZERO),
        () -> completeWithFuture(answer(backend.read(key, readLevel), Answers::ofRead)));
  }

  private ReadLevel level(String level, Optional<String> maxLagMs) {
    if (level.equals("linearizable") && maxLagMs.isEmpty()) {
      return ReadLevel.LINEARIZABLE;
    }
    if (level.equals("stale")) {
      return ReadLevel.stale(maxLagMs.map(KvRoutes::millis).orElse(limits.maxStaleness()));
    }
    throw new IllegalArgumentException(
        level.equals("linearizable")
            ? "parameter maxLagMs is for level=stale"
            : "parameter level is '" + level + "', but must be linearizable or stale");
  }

  private static Duration millis(String text) {
    if (!text.matches("[0-9]{1,12}")) {
      throw new IllegalArgumentException(
          "parameter maxLagMs is '" + text + "', but must be a number of milliseconds");
    }
    return Duration.ofMillis(Long.parseLong(text));
  }

  /** A read that got no answer has changed nothing: it counts as refused. */
  static <T> CompletionStage<HttpResponse> answer(
      CompletionStage<T> outcome, Function<T, HttpResponse> response) {
    return outcome.handle(
        (value, failure) -> {
          if (failure == null) {
            return response.apply(value);
          }
          LOG.warn("A read failed without an outcome", failure);
          return Answers.rejected(RejectReason.UNAVAILABLE, Duration.ZERO);
        });
  }

  private Route checked(String key, Supplier<Route> inner) {
    // What was not UTF-8 in the URL arrives as the replacement character: two keys would be one.
    if (key.indexOf('\uFFFD') >= 0 || !Utf8.isWellFormed(key)) {
      return complete(Answers.bad("the key is not UTF-8"));
    }
    if (Utf8.length(key) > limits.maxKeyBytes()) {
      return complete(tooLarge("a key", limits.maxKeyBytes()));
    }
    return inner.get();
  }

  /** Reads the whole body, but no more than allowed. */
  private Route body(long maxBytes, String what, Function<ByteString, Route> inner) {
    return withSizeLimit(
        maxBytes,
        () ->
            extractRequestEntity(
                entity ->
                    entity.getContentLengthOption().orElse(0) > maxBytes
                        ? complete(tooLarge(what, maxBytes))
                        : extractMaterializer(
                            materializer ->
                                onComplete(
                                    entity.toStrict(limits.bodyTimeout().toMillis(), materializer),
                                    strict ->
                                        strict.isSuccess()
                                            ? inner.apply(strict.get().getData())
                                            : complete(
                                                unreadable(
                                                    what, maxBytes, strict.failed().get()))))));
  }

  private static HttpResponse unreadable(String what, long maxBytes, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof EntityStreamSizeException) {
      return tooLarge(what, maxBytes);
    }
    if (cause instanceof EntityStreamException || cause instanceof TimeoutException) {
      return Answers.bad("the body did not arrive: " + cause.getMessage());
    }
    LOG.warn("A request's body could not be read", failure);
    return Answers.bad("the body could not be read");
  }

  private static HttpResponse tooLarge(String what, long maxBytes) {
    return Answers.tooLarge(what + " may have at most " + maxBytes + " bytes");
  }
}
