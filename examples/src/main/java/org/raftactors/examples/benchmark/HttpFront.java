package org.raftactors.examples.benchmark;

import static org.apache.pekko.http.javadsl.server.Directives.complete;
import static org.apache.pekko.http.javadsl.server.Directives.completeWithFuture;
import static org.apache.pekko.http.javadsl.server.Directives.concat;
import static org.apache.pekko.http.javadsl.server.Directives.entity;
import static org.apache.pekko.http.javadsl.server.Directives.get;
import static org.apache.pekko.http.javadsl.server.Directives.path;
import static org.apache.pekko.http.javadsl.server.Directives.put;
import static org.apache.pekko.http.javadsl.server.PathMatchers.longSegment;
import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.Unmarshaller;
import org.raftactors.ProposalResult;
import org.raftactors.ReadResult;
import org.raftactors.cluster.RaftClient;

/** The least that a service over HTTP does: a client behind two paths. */
final class HttpFront {

  private static final HttpResponse GOOD = HttpResponse.create().withStatus(StatusCodes.OK);
  private static final HttpResponse BAD =
      HttpResponse.create().withStatus(StatusCodes.SERVICE_UNAVAILABLE);

  private HttpFront() {}

  /**
   * Listens on a port of this machine.
   *
   * @return the port
   */
  static int bind(ActorSystem<?> system, RaftClient<Sample, Long, Long> client) throws Exception {
    Route route =
        concat(
            path(
                segment("write"),
                () ->
                    put(
                        () ->
                            entity(
                                Unmarshaller.entityToByteArray(),
                                body -> {
                                  Sample sample = Sample.CODEC.decode(body, 0, body.length);
                                  return completeWithFuture(
                                      client
                                          .propose(ClientTarget.key(sample.number()), sample)
                                          .thenApply(
                                              outcome ->
                                                  answer(
                                                      outcome
                                                          instanceof ProposalResult.Committed)));
                                }))),
            path(
                segment("read").slash(segment()).slash(longSegment()),
                (reads, number) ->
                    get(
                        () ->
                            completeWithFuture(
                                client
                                    .read(
                                        ClientTarget.key(number),
                                        number,
                                        Reads.valueOf(reads).level())
                                    .thenApply(
                                        outcome ->
                                            answer(outcome instanceof ReadResult.Answered))))),
            complete(StatusCodes.NOT_FOUND));
    return Http.get(system)
        .newServerAt("127.0.0.1", 0)
        .bind(route)
        .toCompletableFuture()
        .get(60, TimeUnit.SECONDS)
        .localAddress()
        .getPort();
  }

  private static HttpResponse answer(boolean good) {
    return good ? GOOD : BAD;
  }
}
