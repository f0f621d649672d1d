package org.raftactors.testkit.actors;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiskTest {

  private static final long SECOND = 1_000_000_000;

  private final EventLoop loop = new EventLoop(Executors.defaultThreadFactory());
  private final Disks disks = new Disks(loop);
  private Disk disk = disks.of("simulation|1|1");

  @BeforeEach
  void begin() throws InterruptedException {
    begin(1);
  }

  private void begin(long seed) throws InterruptedException {
    loop.open();
    loop.own(new SplittableRandom(seed), 0);
    disks.begin(new SplittableRandom(seed), 1_000_000, new Trace(loop));
    disk = disks.of("simulation|1|1");
  }

  private void settle() {
    loop.runUntil(() -> false, loop.now() + SECOND);
  }

  private static List<Disk.Event> event(long sequenceNr) {
    return List.of(new Disk.Event(sequenceNr, 1, "", new byte[0]));
  }

  @Test
  void aWrite_isThereWhenItIsAnswered_andNotBefore() {
    CompletableFuture<?> write = disk.write(event(1), "a");
    assertThat(disk.events()).isEmpty();
    settle();
    assertThat(write).isCompleted();
    assertThat(disk.events()).hasSize(1);
  }

  @Test
  void aWrite_mustFollowTheLast() {
    CompletableFuture<?> first = disk.write(event(1), "a");
    CompletableFuture<?> again = disk.write(event(1), "a");
    CompletableFuture<?> hole = disk.write(event(3), "a");
    settle();
    assertThat(first).isCompleted();
    assertThat(again).isCompletedExceptionally();
    assertThat(hole).isCompletedExceptionally();
    assertThat(disk.events()).hasSize(1);
  }

  @Test
  void aWriterThatARecoveryHasReplaced_writesNoMore() {
    CompletableFuture<?> first = disk.write(event(1), "a");
    CompletableFuture<Long> highest = disk.beginRecovery();
    CompletableFuture<?> late = disk.write(event(2), "a");
    CompletableFuture<?> next = disk.write(event(2), "b");
    settle();
    assertThat(first).isCompleted();
    assertThat(highest).isCompletedWithValue(1L);
    assertThat(late).isCompletedExceptionally();
    assertThat(next).isCompleted();
  }

  @Test
  void aHangingDisk_answersWhenItIsReleased_inOrder() {
    disk.hang();
    CompletableFuture<?> write = disk.write(event(1), "a");
    settle();
    assertThat(write).isNotDone();
    disk.release();
    CompletableFuture<Long> highest = disk.beginRecovery();
    settle();
    assertThat(write).isCompleted();
    assertThat(highest).isCompletedWithValue(1L);
  }

  @Test
  void aCrash_keepsOrLosesWhatWasNotAnswered_andLeavesNoHole() throws InterruptedException {
    boolean kept = false;
    boolean lost = false;
    boolean half = false;
    for (int seed = 0; seed < 50; seed++) {
      begin(seed);
      CompletableFuture<?> one = disk.write(event(1), "a");
      CompletableFuture<?> two = disk.write(event(2), "a");
      disk.crash();
      settle();
      assertThat(one).isNotDone();
      assertThat(two).isNotDone();
      int there = disk.events().size();
      for (int i = 0; i < there; i++) {
        assertThat(disk.events().get(i).sequenceNr()).isEqualTo(i + 1);
      }
      kept |= there == 2;
      half |= there == 1;
      lost |= there == 0;
    }
    assertThat(kept && half && lost).isTrue();
  }

  @Test
  void aFailingWrite_isThereOrNot_andTheNextOneWorks() throws InterruptedException {
    boolean kept = false;
    boolean lost = false;
    for (int seed = 0; seed < 50; seed++) {
      begin(seed);
      disk.failNextWrite();
      CompletableFuture<?> failed = disk.write(event(1), "a");
      settle();
      assertThat(failed).isCompletedExceptionally();
      boolean there = !disk.events().isEmpty();
      CompletableFuture<?> next = disk.write(event(there ? 2 : 1), "a");
      settle();
      assertThat(next).isCompleted();
      kept |= there;
      lost |= !there;
    }
    assertThat(kept && lost).isTrue();
  }

  @Test
  void deletedEvents_areGone_andTheNumbersGoOn() {
    CompletableFuture<?> writes =
        CompletableFuture.allOf(
            disk.write(event(1), "a"), disk.write(event(2), "a"), disk.write(event(3), "a"));
    CompletableFuture<?> deletion = disk.delete(2);
    assertThat(disk.events()).isEmpty();
    settle();
    assertThat(writes).isCompleted();
    assertThat(deletion).isCompleted();
    assertThat(disk.events()).extracting(Disk.Event::sequenceNr).containsExactly(3L);

    CompletableFuture<?> all = disk.delete(Long.MAX_VALUE);
    CompletableFuture<Long> highest = disk.beginRecovery();
    CompletableFuture<?> next = disk.write(event(4), "b");
    settle();
    assertThat(all).isCompleted();
    assertThat(highest).isCompletedWithValue(3L);
    assertThat(next).isCompleted();
  }

  @Test
  void aDeletion_waitsForAHangingDisk_andFailsOrIsLostLikeAWrite() throws InterruptedException {
    boolean done = false;
    boolean failed = false;
    boolean reached = false;
    boolean lost = false;
    for (int seed = 0; seed < 50; seed++) {
      begin(seed);
      CompletableFuture<?> write = disk.write(event(1), "a");
      settle();
      assertThat(write).isCompleted();
      disk.failNextWrite();
      CompletableFuture<?> failing = disk.delete(1);
      settle();
      assertThat(failing).isCompletedExceptionally();
      done |= disk.events().isEmpty();
      failed |= !disk.events().isEmpty();

      CompletableFuture<?> second = disk.write(event(2), "a");
      settle();
      assertThat(second).isCompleted();
      disk.hang();
      CompletableFuture<?> hanging = disk.delete(2);
      settle();
      assertThat(disk.events()).isNotEmpty();
      disk.crash();
      settle();
      assertThat(hanging).isNotDone();
      reached |= disk.events().isEmpty();
      lost |= !disk.events().isEmpty();
    }
    assertThat(done && failed && reached && lost).isTrue();
  }
}
