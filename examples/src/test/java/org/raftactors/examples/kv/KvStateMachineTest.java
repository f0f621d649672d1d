package org.raftactors.examples.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;

class KvStateMachineTest {

  private final KvStateMachine machine = new KvStateMachine();
  private long index = 10;

  private KvResult apply(KvCommand command) {
    return machine.apply(new FixedContext(++index, 3), command);
  }

  private KvResult get(String key) {
    return machine.query(new KvQuery.Get(key));
  }

  private static ByteString bytes(String text) {
    return ByteString.fromString(text);
  }

  @Test
  void put_thenGet_findsValueIndexAndVersion() {
    assertThat(apply(new KvCommand.Put("a", bytes("1")))).isEqualTo(new KvResult.Written(1));
    assertThat(apply(new KvCommand.Put("a", bytes("2")))).isEqualTo(new KvResult.Written(2));
    assertThat(get("a")).isEqualTo(new KvResult.Found(bytes("2"), 12, 2));
    assertThat(get("b")).isEqualTo(new KvResult.Absent());
  }

  @Test
  void delete_removesAndStartsVersionsAnew() {
    apply(new KvCommand.Put("a", bytes("1")));
    assertThat(apply(new KvCommand.Delete("a"))).isEqualTo(new KvResult.Deleted(true));
    assertThat(apply(new KvCommand.Delete("a"))).isEqualTo(new KvResult.Deleted(false));
    assertThat(get("a")).isEqualTo(new KvResult.Absent());
    assertThat(apply(new KvCommand.Put("a", bytes("1")))).isEqualTo(new KvResult.Written(1));
  }

  @Test
  void compareAndSet_isDecidedByWhatTheKeyHoldsWhenApplied() {
    assertThat(apply(new KvCommand.CompareAndSet("a", "x", "1")))
        .isEqualTo(new KvResult.Compared(false, null));
    assertThat(apply(new KvCommand.CompareAndSet("a", null, "1")))
        .isEqualTo(new KvResult.Compared(true, null));
    assertThat(apply(new KvCommand.CompareAndSet("a", null, "2")))
        .isEqualTo(new KvResult.Compared(false, "1"));
    assertThat(apply(new KvCommand.CompareAndSet("a", "1", "2")))
        .isEqualTo(new KvResult.Compared(true, "1"));
    assertThat(get("a")).isEqualTo(new KvResult.Found(bytes("2"), 14, 2));
  }

  @Test
  void compareAndSet_onBytesThatAreNoText_changesNothing() {
    ByteString noText = ByteString.fromInts(0xFF, 0xFE);
    apply(new KvCommand.Put("a", noText));
    assertThat(apply(new KvCommand.CompareAndSet("a", "x", "1"))).isEqualTo(new KvResult.NotText());
    assertThat(apply(new KvCommand.CompareAndSet("a", null, "1")))
        .isEqualTo(new KvResult.NotText());
    assertThat(get("a")).isEqualTo(new KvResult.Found(noText, 11, 1));
  }

  @Test
  void digest_sameCommandsSameDigest_otherOrderOtherHistory() {
    KvStateMachine one = new KvStateMachine();
    KvStateMachine two = new KvStateMachine();
    KvStateMachine swapped = new KvStateMachine();
    KvCommand first = new KvCommand.Put("a", bytes("1"));
    KvCommand second = new KvCommand.Put("b", bytes("2"));
    for (KvStateMachine replica : new KvStateMachine[] {one, two}) {
      replica.apply(new FixedContext(1, 1), first);
      replica.apply(new FixedContext(2, 1), second);
    }
    swapped.apply(new FixedContext(1, 1), second);
    swapped.apply(new FixedContext(2, 1), first);
    KvResult.Digest digest = digest(one);
    assertThat(digest).isEqualTo(digest(two));
    assertThat(digest.index()).isEqualTo(2);
    assertThat(digest.commands()).isEqualTo(2);
    assertThat(digest.keys()).isEqualTo(2);
    assertThat(digest(swapped).history()).isNotEqualTo(digest.history());
  }

  @Test
  void digest_oneCommandAppliedTwice_showsInHistoryAndVersion() {
    KvStateMachine once = new KvStateMachine();
    KvStateMachine twice = new KvStateMachine();
    KvCommand put = new KvCommand.Put("a", bytes("1"));
    once.apply(new FixedContext(1, 1), put);
    twice.apply(new FixedContext(1, 1), put);
    twice.apply(new FixedContext(2, 1), put);
    assertThat(digest(twice).history()).isNotEqualTo(digest(once).history());
    assertThat(twice.query(new KvQuery.Get("a"))).isEqualTo(new KvResult.Found(bytes("1"), 2, 2));
  }

  @Test
  void snapshot_restored_isTheSameState_andShowsNothingOfWhatCameAfter() throws IOException {
    apply(new KvCommand.Put("a", bytes("1")));
    apply(new KvCommand.Put("b", bytes("2")));
    apply(new KvCommand.Delete("a"));
    KvResult.Digest before = digest(machine);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (SnapshotView view = machine.snapshot()) {
      apply(new KvCommand.Put("b", bytes("3")));
      apply(new KvCommand.Put("c", bytes("4")));
      view.writeTo(bytes);
    }
    KvStateMachine restored = new KvStateMachine();
    restored.restore(new Bytes(bytes.toByteArray()));

    assertThat(digest(restored)).isEqualTo(before);
    long again = index - 2;
    for (KvCommand later :
        List.of(new KvCommand.Put("b", bytes("3")), new KvCommand.Put("c", bytes("4")))) {
      restored.apply(new FixedContext(++again, 3), later);
    }
    assertThat(digest(restored)).isEqualTo(digest(machine));
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Bytes(byte[] bytes) implements SnapshotReader {
    @Override
    public long index() {
      return 13;
    }

    @Override
    public long term() {
      return 3;
    }

    @Override
    public InputStream state() {
      return new ByteArrayInputStream(bytes);
    }
  }

  private static KvResult.Digest digest(KvStateMachine machine) {
    return (KvResult.Digest) machine.query(new KvQuery.Digest());
  }
}
