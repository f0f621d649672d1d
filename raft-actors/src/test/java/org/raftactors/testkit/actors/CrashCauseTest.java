package org.raftactors.testkit.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.raftactors.actor.StorageStalled;

class CrashCauseTest {

  @Test
  void aFailureOfTheSimulatedDisk_explainsACrash_howeverWrapped() {
    Throwable wrapped =
        new IllegalStateException(new CompletionException(new SimulatedDiskFailure("a read")));
    assertThat(CrashCause.isExplained(wrapped, false)).isTrue();
  }

  @Test
  void aStall_explainsACrash_onlyIfSomethingStoodStill() {
    assertThat(CrashCause.isExplained(new StorageStalled("12 s"), true)).isTrue();
    assertThat(CrashCause.isExplained(new StorageStalled("12 s"), false)).isFalse();
  }

  @Test
  void nothingElse_explainsACrash() {
    assertThat(CrashCause.isExplained(null, true)).isFalse();
    assertThat(CrashCause.isExplained(new NullPointerException(), true)).isFalse();
    assertThat(CrashCause.isExplained(new IOException("event 7 does not follow on 5"), true))
        .isFalse();
  }

  @Test
  void aCycleOfCauses_ends() {
    Exception one = new Exception();
    one.initCause(new Exception(one));
    assertThat(CrashCause.isExplained(one, true)).isFalse();
  }

  @Test
  void theStackTrace_isThere() {
    assertThat(CrashCause.stackTrace(new IllegalStateException("here")))
        .contains("IllegalStateException: here", "theStackTrace_isThere");
  }
}
