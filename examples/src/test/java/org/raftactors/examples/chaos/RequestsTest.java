package org.raftactors.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
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
    return Requests.answer(
        input, new Reply(status, body, HttpHeaders.of(Map.of(), (name, value) -> true)));
  }

  @Test
  void when_aResultComes_then_itIsTheOutput() {
    Requests.Answer written = answer(PUT, 200, "{\"partition\":2,\"index\":7}");
    assertThat(written.output()).isEqualTo(new RegisterOutput.Written());
    assertThat(written.place()).contains("2.7");
    assertThat(answer(GET, 200, "v").output()).isEqualTo(new RegisterOutput.Value("v"));
    assertThat(answer(GET, 404, "{}").output()).isEqualTo(new RegisterOutput.Value(null));
    assertThat(
            answer(SWAP, 200, "{\"swapped\":false,\"actual\":null,\"partition\":1,\"index\":3}")
                .output())
        .isEqualTo(new RegisterOutput.Compared(false, null));
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
