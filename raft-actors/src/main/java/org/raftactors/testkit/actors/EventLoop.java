package org.raftactors.testkit.actors;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The only place where anything runs: what dispatchers want executed waits here until the thread of
 * the simulation draws it, and time stands still unless that thread moves it.
 *
 * <p>States: open, while the actor system starts or stops, which both wait for actors: then a
 * thread of this object's runs the tasks, and no time passes; owned by the thread of a run, when a
 * task from any other thread means that the run cannot be repeated; closed.
 */
final class EventLoop {

  /** Something to happen at a time; may be called off. */
  static final class Timer implements Comparable<Timer> {
    private final long due;
    private final long number;
    private final Runnable action;
    private boolean over;

    private Timer(long due, long number, Runnable action) {
      this.due = due;
      this.number = number;
      this.action = action;
    }

    /** Whether it was still to happen, and now is not. */
    boolean cancel() {
      boolean cancelled = !over;
      over = true;
      return cancelled;
    }

    boolean isOver() {
      return over;
    }

    @Override
    public int compareTo(Timer other) {
      int byTime = Long.compare(due, other.due);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  private record Task(String lane, Runnable runnable) {}

  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final List<Task> runnable = new ArrayList<>();
  private final Map<String, List<Task>> held = new HashMap<>();
  private final Set<String> paused = new HashSet<>();
  private long now;
  private long timerNumber;
  private long executed;
  private RandomGenerator order = new SplittableRandom(0);
  private long maxTaskNanos;
  private @Nullable Thread owner;
  private @Nullable String intruder;
  private boolean idle;
  private boolean closed;

  /**
   * An open one.
   *
   * @param threads makes the thread that runs tasks while the loop is open
   */
  EventLoop(ThreadFactory threads) {
    Thread thread = threads.newThread(this::runWhileOpen);
    thread.setDaemon(true);
    thread.start();
  }

  private void runWhileOpen() {
    Runnable task = awaitTask();
    while (task != null) {
      task.run();
      task = awaitTask();
    }
  }

  private synchronized @Nullable Runnable awaitTask() {
    try {
      while (!closed && (owner != null || runnable.isEmpty())) {
        idle = true;
        notifyAll();
        wait();
      }
      idle = false;
      return takeTask();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** Virtual nanoseconds since the start of the run. */
  synchronized long now() {
    return now;
  }

  /** How many tasks and timers of the run have been executed. */
  long executed() {
    return executed;
  }

  /** Which thread has disturbed the run, null if none. */
  synchronized @Nullable String intruder() {
    return intruder;
  }

  /**
   * A new run begins, at time 0, on this thread.
   *
   * @param scheduling decides whose turn it is
   * @param taskNanos the most virtual time that a task takes
   */
  synchronized void own(RandomGenerator scheduling, long taskNanos) throws InterruptedException {
    while (!idle || (owner == null && !runnable.isEmpty())) {
      wait();
    }
    if (!runnable.isEmpty() || !held.isEmpty()) {
      throw new IllegalStateException(
          "the run before left " + runnable.size() + " tasks and the lanes " + held.keySet());
    }
    timers.clear();
    paused.clear();
    now = 0;
    timerNumber = 0;
    executed = 0;
    order = scheduling;
    maxTaskNanos = taskNanos;
    intruder = null;
    owner = Thread.currentThread();
  }

  /** The run is over: other threads may hand in tasks again. */
  synchronized void open() {
    owner = null;
    notifyAll();
  }

  /** What is still handed in is run, then nothing more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Hands in a task of a dispatcher. */
  synchronized void execute(String lane, Runnable task) {
    Thread thread = Thread.currentThread();
    if (owner != null && owner != thread && intruder == null) {
      intruder = thread.getName();
    }
    if (paused.contains(lane)) {
      held.computeIfAbsent(lane, l -> new ArrayList<>()).add(new Task(lane, task));
    } else {
      runnable.add(new Task(lane, task));
    }
    if (owner == null) {
      notifyAll();
    }
  }

  /** From now on nothing of this lane runs. What its timers hand in waits. */
  synchronized void pause(String lane) {
    if (paused.add(lane)) {
      List<Task> waiting = new ArrayList<>();
      runnable.removeIf(task -> task.lane().equals(lane) && waiting.add(task));
      if (!waiting.isEmpty()) {
        held.put(lane, waiting);
      }
    }
  }

  /** The lane runs again, with everything that has gathered. */
  synchronized void resume(String lane) {
    if (paused.remove(lane)) {
      List<Task> waiting = held.remove(lane);
      if (waiting != null) {
        runnable.addAll(waiting);
      }
    }
  }

  /** Lets something happen on the simulation's thread. */
  synchronized Timer after(long nanos, Runnable action) {
    Timer timer = new Timer(Math.addExact(now, Math.max(0, nanos)), timerNumber++, action);
    timers.add(timer);
    return timer;
  }

  /**
   * Runs until a condition holds, which is looked at after each step.
   *
   * @param untilNanos the virtual time at which to give up
   * @return whether it holds
   */
  boolean runUntil(BooleanSupplier condition, long untilNanos) {
    while (!condition.getAsBoolean()) {
      if (now() > untilNanos || !step()) {
        return false;
      }
    }
    return true;
  }

  /** Runs what can run without time passing by itself. */
  void drain() {
    Runnable task = takeTask();
    while (task != null) {
      run(task);
      task = takeTask();
    }
  }

  private boolean step() {
    Runnable task = takeTask();
    if (task != null) {
      run(task);
      return true;
    }
    return fireNext();
  }

  private synchronized @Nullable Runnable takeTask() {
    int size = runnable.size();
    if (size == 0) {
      return null;
    }
    int drawn = size == 1 ? 0 : order.nextInt(size);
    Task task = runnable.get(drawn);
    Task last = runnable.remove(size - 1);
    if (drawn < size - 1) {
      runnable.set(drawn, last);
    }
    return task.runnable();
  }

  private void run(Runnable task) {
    task.run();
    executed++;
    if (maxTaskNanos > 0) {
      synchronized (this) {
        now += order.nextLong(maxTaskNanos + 1);
      }
    }
    Timer due = takeDue();
    while (due != null) {
      due.action.run();
      executed++;
      due = takeDue();
    }
  }

  private boolean fireNext() {
    Timer timer;
    synchronized (this) {
      timer = takeTimer();
      if (timer == null) {
        return false;
      }
      now = Math.max(now, timer.due);
    }
    timer.action.run();
    executed++;
    return true;
  }

  private synchronized @Nullable Timer takeDue() {
    dropCancelled();
    Timer next = timers.peek();
    return next != null && next.due <= now ? takeTimer() : null;
  }

  private synchronized @Nullable Timer takeTimer() {
    dropCancelled();
    Timer next = timers.poll();
    if (next != null) {
      next.over = true;
    }
    return next;
  }

  private void dropCancelled() {
    while (!timers.isEmpty() && timers.peek().over) {
      timers.remove();
    }
  }
}
