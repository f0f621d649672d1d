package org.raftactors.examples.kv;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Answers what is not even a request, before any route sees it: an address that is too long is an
 * oversized key (413), the rest is bad input (400). Pekko makes it, by its name in {@code
 * application.conf}.
 */
final class MalformedRequests extends ParsingErrorHandler {

  private static final int URI_TOO_LONG = 414;

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo problem, LoggingAdapter log, ServerSettings settings) {
    log.warning("Request refused with {}: {}", status.intValue(), problem.formatPretty());
    return status.intValue() == URI_TOO_LONG
        ? Answers.tooLarge(problem.summary())
        : Answers.error(status, "bad-request", problem.summary());
  }
}
