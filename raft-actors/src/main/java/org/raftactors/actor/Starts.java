package org.raftactors.actor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;
import org.jspecify.annotations.Nullable;
import org.raftactors.StartProgress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The starts of the replicas of an actor system: lets only so many of them read their journals,
 * restore and apply at once, and says every few seconds how far they are. Configured by {@code
 * raft-actors.starts}.
 *
 * <p>The bound is what keeps memory bounded: a journal replays without waiting for its reader, so
 * what a start may hold is what its journal has behind the saved state of the log ({@code
 * snapshot-every-bytes}), and what its state machine has not applied yet.
 *
 * <p>Thread-safe by its monitor. A start waits, is under way, and has ended, in this order; one
 * that makes no progress for long still counts as under way, but does not hold up the others any
 * more.
 */
public final class Starts implements Extension {

  /** One start of one replica. */
  final class Start {
    private final Consumer<Start> onTurn;
    private boolean granted;
    private boolean holdsUp;
    private volatile boolean ended;
    private boolean moved;
    private long quietNanos;
    private long from;
    private long goal = -1;
    private long applied;

    private Start(Consumer<Start> onTurn) {
      this.onTurn = onTurn;
    }

    /** Whether it is its turn. */
    boolean isGranted() {
      synchronized (Starts.this) {
        return granted;
      }
    }

    /** Entries were read from the journal. */
    void read(int entries, long bytes) {
      synchronized (Starts.this) {
        moved = true;
        readEntries += entries;
        readBytes += bytes;
      }
    }

    /** A part of a snapshot was read. */
    void restored(long bytes) {
      synchronized (Starts.this) {
        moved = true;
        restoredBytes += bytes;
      }
    }

    /**
     * What is left is to apply. Ends the start if that is nothing.
     *
     * @param appliedIndex what the state machine has
     * @param commitIndex what it should have
     */
    void prepared(long appliedIndex, long commitIndex) {
      synchronized (Starts.this) {
        moved = true;
        from = appliedIndex;
        applied = appliedIndex;
        goal = commitIndex;
      }
      if (appliedIndex >= commitIndex) {
        end();
      }
    }

    /** The state machine has got further. */
    void applied(long index, long bytes) {
      if (ended) {
        return; // called for each batch, for ever: no monitor for that
      }
      boolean there;
      synchronized (Starts.this) {
        moved = true;
        appliedEntries += index - applied;
        appliedBytes += bytes;
        applied = index;
        there = index >= goal;
      }
      if (there) {
        end();
      }
    }

    /** It serves, or it is given up. A second time does nothing. */
    void end() {
      Start next;
      synchronized (Starts.this) {
        if (ended) {
          return;
        }
        ended = true;
        done++;
        lastEndAt = clock.nanos();
        waiting.remove(this);
        underWay.remove(this);
        next = letGo(this);
      }
      grant(next);
    }

    private double fraction() {
      return goal <= from ? 0 : (double) (applied - from) / (goal - from);
    }
  }

  /** Makes the one of an actor system. */
  private static final class Id extends ExtensionId<Starts> {
    @Override
    public Starts createExtension(ActorSystem<?> system) {
      return new Starts(system);
    }
  }

  private static final Id ID = new Id();
  private static final String PATH = "raft-actors.starts";
  private static final Logger logger = LoggerFactory.getLogger(Starts.class);

  private final ActorSystem<?> system;
  private final ReplicaClock clock = ReplicaClock.ofSystem();
  private final Duration reportEvery;
  private final Duration stuckAfter;
  private final ArrayDeque<Start> waiting = new ArrayDeque<>();
  private final Set<Start> underWay = new LinkedHashSet<>();
  private int free;
  private @Nullable Cancellable reports;

  // Since the last time that there was nothing to do.
  private int all;
  private int done;
  private long firstAt;
  private long lastEndAt;
  private long readEntries;
  private long readBytes;
  private long appliedEntries;
  private long appliedBytes;
  private long restoredBytes;

  private Starts(ActorSystem<?> system) {
    this.system = system;
    Config config = system.settings().config().getConfig(PATH);
    this.free = config.getInt("max-concurrent");
    if (free < 1) {
      throw bad(config, "max-concurrent", "must be at least 1");
    }
    this.reportEvery = duration(config, "report-every");
    this.stuckAfter = duration(config, "stuck-after");
    if (stuckAfter.isZero()) {
      throw bad(config, "stuck-after", "must be greater than zero");
    }
  }

  private static Duration duration(Config config, String key) {
    Duration value = config.getDuration(key);
    if (value.isNegative()) {
      throw bad(config, key, "must not be negative");
    }
    return value;
  }

  private static ConfigException bad(Config config, String key, String rule) {
    return new ConfigException.BadValue(config.getValue(key).origin(), PATH + "." + key, rule);
  }

  /**
   * The starts in an actor system.
   *
   * @param system the actor system
   * @return always the same
   * @throws ConfigException naming the key that is wrong
   */
  public static Starts get(ActorSystem<?> system) {
    return ID.apply(system);
  }

  /**
   * Asks for leave to start.
   *
   * @param onTurn runs once if it has to wait, on any thread; only tells somebody
   * @return its turn may be at once; to be ended in any case
   */
  Start request(Consumer<Start> onTurn) {
    Start start = new Start(onTurn);
    synchronized (this) {
      if (all == done && reports == null) {
        beginRound();
      }
      all++;
      if (free == 0) {
        waiting.add(start);
      } else {
        free--;
        begin(start);
      }
    }
    return start;
  }

  private void beginRound() {
    all = 0;
    done = 0;
    firstAt = clock.nanos();
    readEntries = 0;
    readBytes = 0;
    appliedEntries = 0;
    appliedBytes = 0;
    restoredBytes = 0;
    if (!reportEvery.isZero()) {
      reports =
          system
              .scheduler()
              .scheduleAtFixedRate(
                  reportEvery, reportEvery, this::report, system.executionContext());
    }
  }

  private void begin(Start start) {
    start.granted = true;
    start.holdsUp = true;
    underWay.add(start);
  }

  /** The next one to be granted, which must happen without the monitor. */
  private @Nullable Start letGo(Start start) {
    if (!start.holdsUp) {
      return null;
    }
    start.holdsUp = false;
    Start next = waiting.poll();
    if (next == null) {
      free++;
    } else {
      begin(next);
    }
    return next;
  }

  private static void grant(@Nullable Start next) {
    if (next != null) {
      next.onTurn.accept(next);
    }
  }

  private void report() {
    StartProgress progress;
    ArrayDeque<Start> granted = new ArrayDeque<>();
    int stuck = 0;
    synchronized (this) {
      progress = progress();
      if (progress.isOver() && reports != null) {
        reports.cancel();
        reports = null;
      }
      for (Start start : Set.copyOf(underWay)) {
        start.quietNanos = start.moved ? 0 : start.quietNanos + reportEvery.toNanos();
        start.moved = false;
        if (start.holdsUp && start.quietNanos >= stuckAfter.toNanos()) {
          stuck++;
          Start next = letGo(start);
          if (next != null) {
            granted.add(next);
          }
        }
      }
    }
    logger.info(progress.text());
    if (stuck > 0) {
      logger.warn(
          "{} partitions have not got further in their starts for {}: others go on beside them",
          stuck,
          stuckAfter);
    }
    granted.forEach(Starts::grant);
  }

  /**
   * How far the starts are that are under way, or were last.
   *
   * @return at this moment
   */
  public synchronized StartProgress progress() {
    double finished = done;
    for (Start start : underWay) {
      finished += start.fraction();
    }
    long tookNanos = (done == all ? lastEndAt : clock.nanos()) - firstAt;
    Optional<Duration> left =
        finished == 0
            ? Optional.empty()
            : Optional.of(Duration.ofNanos((long) (tookNanos / finished * (all - finished))));
    return new StartProgress(
        done,
        all,
        underWay.size(),
        readEntries,
        readBytes,
        appliedEntries,
        appliedBytes,
        restoredBytes,
        Duration.ofNanos(Math.max(0, tookNanos)),
        left);
  }
}
