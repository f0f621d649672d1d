package org.raftactors.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.raftactors.examples.process.Reply;
import org.raftactors.testkit.linearizability.RegisterInput;
import org.raftactors.testkit.linearizability.RegisterOutput;

/** What a reply proves, and what it does not. */
class RequestsTest {

  private static final RegisterInput PUT = new RegisterInput.Put("k", "v");
  private static final RegisterInput GET = new RegisterInput.Get("k");
  private static final RegisterInput SWAP = new RegisterInput.CompareAndSwap("k", "a", "b");

  private static Requests.Answer answer(RegisterInput input, int status, String body) {
    return answer(input, status, body, Map.of());
  }

  private static Requests.Answer answer(
      RegisterInput input, int status, String body, Map<String, List<String>> headers) {
    return Requests.answer(
        input, new Reply(status, body, HttpHeaders.of(headers, (name, value) -> true)));
  }

  private static Map<String, List<String>> token(String token) {
    return Map.of("Raft-Token", List.of(token));
  }

  @Test
  void when_aResultComes_then_itIsTheOutput_atItsPlace() {
    Requests.Answer written =
        answer(PUT, 200, "{\"partition\":2,\"term\":5,\"index\":7}", token("2.1.5.7"));
    assertThat(written.output()).isEqualTo(new RegisterOutput.Written());
    assertThat(written.place()).isEqualTo(new Placed.Place(2, 5, 7, 0));
    Requests.Answer read =
        answer(GET, 200, "v", Map.of("Raft-Token", List.of("2.1.5.9"), "Kv-Index", List.of("7")));
    assertThat(read.output()).isEqualTo(new RegisterOutput.Value("v"));
    assertThat(read.place()).isEqualTo(new Placed.Place(2, 5, 9, 7));
    Requests.Answer absent = answer(GET, 404, "{}", token("2.1.5.9"));
    assertThat(absent.output()).isEqualTo(new RegisterOutput.Value(null));
    assertThat(absent.place()).isEqualTo(new Placed.Place(2, 5, 9, 0));
    assertThat(
            answer(
                    SWAP,
                    200,
                    "{\"swapped\":false,\"actual\":null,\"partition\":1,\"term\":1,\"index\":3}",
                    token("1.1.1.3"))
                .output())
        .isEqualTo(new RegisterOutput.Compared(false, null));
  }

  @Test
  void when_aResultHasNoPlace_orTwo_then_itIsNoOutcome() {
    assertThat(answer(GET, 404, "{}").outcome()).isEqualTo(Sample.Outcome.WRONG);
    assertThat(answer(GET, 200, "v", token("2.1.5.9")).outcome()).isEqualTo(Sample.Outcome.WRONG);
    assertThat(
            answer(PUT, 200, "{\"partition\":2,\"term\":5,\"index\":7}", token("2.1.5.8"))
                .outcome())
        .isEqualTo(Sample.Outcome.WRONG);
  }

  @Test
  void when_noResultComes_then_onlyARefusalProvesThatNothingHappened() {
    assertThat(answer(PUT, 503, "").outcome()).isEqualTo(Sample.Outcome.REFUSED);
    assertThat(answer(PUT, Reply.NOT_SENT, "").outcome()).isEqualTo(Sample.Outcome.NOT_SENT);
    assertThat(answer(PUT, 504, "").outcome()).isEqualTo(Sample.Outcome.UNKNOWN);
    assertThat(answer(PUT, Reply.NO_ANSWER, "").outcome()).isEqualTo(Sample.Outcome.LOST);
  }

  @Test
  void when_theAnswerMayNotBe_then_itIsNoOutcome() {
    assertThat(answer(PUT, 500, "").outcome()).isEqualTo(Sample.Outcome.WRONG);
    assertThat(answer(PUT, 404, "").outcome()).isEqualTo(Sample.Outcome.WRONG);
    assertThat(answer(SWAP, 409, "").outcome()).isEqualTo(Sample.Outcome.WRONG);
  }
}
