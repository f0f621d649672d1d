package org.raftactors.persistence.rocksdb.internal;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the writer thread. A persistent actor waits for its write before it makes the
 * next: the number of actors bounds such tasks, and they are taken in any case, since a refusal
 * would stop the actor. Of the others, which nobody holds back, only so many are taken.
 */
final class StoreQueue {

  private final LinkedBlockingQueue<StoreTask<?>> tasks = new LinkedBlockingQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger limitedCount = new AtomicInteger();
  private final AtomicLong limitedBytes = new AtomicLong();
  private final int maxCount;
  private final long maxBytes;

  StoreQueue(int maxCount, long maxBytes) {
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
  }

  /** Takes a task unless it is one too many of those that are limited. */
  boolean offer(StoreTask<?> task) {
    if (task.limited()) {
      if (limitedCount.incrementAndGet() > maxCount) {
        limitedCount.decrementAndGet();
        return false;
      }
      if (limitedBytes.addAndGet(task.bytes()) > maxBytes) {
        limitedBytes.addAndGet(-task.bytes());
        limitedCount.decrementAndGet();
        return false;
      }
    }
    add(task);
    return true;
  }

  /** Takes a task that the store itself needs done. */
  void force(StoreTask<?> task) {
    if (task.limited()) {
      limitedCount.incrementAndGet();
      limitedBytes.addAndGet(task.bytes());
    }
    add(task);
  }

  private void add(StoreTask<?> task) {
    count.incrementAndGet();
    bytes.addAndGet(task.bytes());
    tasks.add(task);
  }

  @Nullable StoreTask<?> poll() {
    StoreTask<?> task = tasks.poll();
    return task == null ? null : taken(task);
  }

  @Nullable StoreTask<?> poll(long nanos) throws InterruptedException {
    StoreTask<?> task = tasks.poll(nanos, TimeUnit.NANOSECONDS);
    return task == null ? null : taken(task);
  }

  long queuedTasks() {
    return count.get();
  }

  long queuedBytes() {
    return bytes.get();
  }

  private StoreTask<?> taken(StoreTask<?> task) {
    count.decrementAndGet();
    bytes.addAndGet(-task.bytes());
    if (task.limited()) {
      limitedCount.decrementAndGet();
      limitedBytes.addAndGet(-task.bytes());
    }
    return task;
  }
}
