package org.raftactors.persistence.rocksdb.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;

/** Each row of the decision, without files. */
class MarkCheckTest {

  private static final UUID ID = new UUID(1, 2);

  /** The mark is number 7, over batch 20 with hash 200; the database is as the row says. */
  @ParameterizedTest
  @CsvSource({
    // batch, hash, marks, marked batch, marked hash, other slot damaged, verdict
    "20, 200, 6, 10, 100, false, SOUND", // stopped right after the mark
    "20, 200, 5, 10, 100, true, SOUND",
    "20, 201, 6, 10, 100, false, OTHER_HISTORY", // as long, but another one
    "19, 190, 6, 10, 100, false, LOST_WRITES", // the last batch was cut off
    "0, 0, 0, 0, 0, false, LOST_WRITES", // everything was
    "25, 250, 7, 20, 200, false, SOUND", // written to after the mark
    "25, 250, 7, 20, 201, false, OTHER_HISTORY", // another mark 7
    "25, 250, 7, 19, 200, false, OTHER_HISTORY",
    "25, 250, 6, 10, 100, false, OTHER_HISTORY", // an older copy, written to beyond the mark
    "25, 250, 0, 0, 0, false, OTHER_HISTORY", // never heard of a mark
    "25, 250, 8, 22, 220, false, MARK_LOST", // the mark is an older copy
    "25, 250, 8, 22, 220, true, SOUND", // or its newest slot is damaged: the database has more
    "25, 250, 9, 22, 220, true, MARK_LOST", // two marks were lost, not one
  })
  void database_againstTheMark(
      long batch,
      long hash,
      long marks,
      long markedBatch,
      long markedHash,
      boolean otherDamaged,
      Kind expected) {
    HistoryEntry history =
        new HistoryEntry(
            new StorePosition(batch, hash), marks, new StorePosition(markedBatch, markedHash));
    Mark mark = new Mark(7, false, ID, new StorePosition(20, 200));
    assertThat(
            MarkCheck.withFile(
                    new StoreIdentity(ID, false),
                    history,
                    new MarkFile.Content(mark, otherDamaged, 0))
                .kind())
        .isEqualTo(expected);
  }

  @Test
  void withoutAFile_onlyAStoreThatNeverHadOneIsSound() {
    assertThat(MarkCheck.withoutFile(HistoryEntry.NONE).kind()).isEqualTo(Kind.SOUND);
    assertThat(
            MarkCheck.withoutFile(new HistoryEntry(new StorePosition(9, 9), 0, StorePosition.START))
                .kind())
        .isEqualTo(Kind.SOUND);
    assertThat(
            MarkCheck.withoutFile(new HistoryEntry(new StorePosition(9, 9), 1, StorePosition.START))
                .kind())
        .isEqualTo(Kind.MARK_LOST);
  }

  @Test
  void withoutAReadableSlot_theMarkIsDamaged() {
    assertThat(
            MarkCheck.withFile(
                    new StoreIdentity(ID, false),
                    HistoryEntry.NONE,
                    new MarkFile.Content(null, true, 0))
                .kind())
        .isEqualTo(Kind.MARK_DAMAGED);
  }

  @Test
  void withAnotherStoresMark_theDatabaseIsNotTheOne() {
    Mark mark = new Mark(7, false, ID, StorePosition.START);
    for (boolean created : new boolean[] {true, false}) {
      assertThat(
              MarkCheck.withFile(
                  new StoreIdentity(new UUID(3, 4), created),
                  HistoryEntry.NONE,
                  new MarkFile.Content(mark, false, 0)))
          .satisfies(
              verdict -> {
                assertThat(verdict.kind()).isEqualTo(Kind.OTHER_STORE);
                assertThat(verdict.damaged()).isTrue();
                assertThat(verdict.detail()).contains(ID.toString());
              });
    }
  }
}
