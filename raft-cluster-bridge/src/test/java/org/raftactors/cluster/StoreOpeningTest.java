package org.raftactors.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;

class StoreOpeningTest {

  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicBoolean stopping = new AtomicBoolean();

  private StoreOpening<String> opening(Reason reason, int failures) {
    return new StoreOpening<>(
        () -> {
          if (attempts.getAndIncrement() < failures) {
            throw new RocksDbStoreException(reason, null, "planned", null);
          }
          return "open";
        },
        stopping::get,
        1);
  }

  @Test
  void whileTheDiskIsFull_itWaits() {
    assertThat(opening(Reason.NO_SPACE, 100).await()).isEqualTo("open");
    assertThat(attempts).hasValue(101);
  }

  @Test
  void whateverElseIsWrong_failsAtOnce() {
    assertThatThrownBy(() -> opening(Reason.LOCKED, 100).await()).hasMessage("planned");
    assertThat(attempts).hasValue(1);
  }

  @Test
  void aStop_endsTheWaiting() {
    stopping.set(true);
    assertThatThrownBy(() -> opening(Reason.NO_SPACE, 100).await()).hasMessage("planned");
    assertThat(attempts).hasValue(1);
  }
}
