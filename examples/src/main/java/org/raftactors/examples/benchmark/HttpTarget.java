package org.raftactors.examples.benchmark;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** An {@link HttpFront}, over as many connections as there are operations in flight. */
final class HttpTarget implements Target {

  private final ActorSystem<?> system;
  private final String address;
  private final Reads reads;
  private final ActorRef<Object> generator;

  HttpTarget(ActorSystem<?> system, int port, Reads reads, ActorRef<Object> generator) {
    this.system = system;
    this.address = "http://127.0.0.1:" + port;
    this.reads = reads;
    this.generator = generator;
  }

  @Override
  public void write(Sample sample) {
    send(
        HttpRequest.PUT(address + "/write")
            .withEntity(
                HttpEntities.create(ContentTypes.APPLICATION_OCTET_STREAM, sample.toArray())),
        sample.number());
  }

  @Override
  public void read(long number) {
    send(HttpRequest.GET(address + "/read/" + reads.name() + "/" + number), number);
  }

  private void send(HttpRequest request, long number) {
    CompletionStage<HttpResponse> response = Http.get(system).singleRequest(request);
    var unused =
        response.whenComplete(
            (answer, failure) -> {
              boolean good = failure == null && answer.status().isSuccess();
              if (failure == null) {
                answer.discardEntityBytes(system);
              }
              generator.tell(good ? new Done(number) : Failed.INSTANCE);
            });
  }
}
