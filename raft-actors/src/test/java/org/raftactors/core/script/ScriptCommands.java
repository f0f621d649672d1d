package org.raftactors.core.script;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.raftactors.core.invariant.InvariantViolation;
import org.raftactors.core.log.LogEntry;
import org.raftactors.core.log.LogPosition;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;
import org.raftactors.core.message.RaftMessage;
import org.raftactors.core.script.ScriptNetwork.Letter;
import org.raftactors.core.script.ScriptNetwork.Link;
import org.raftactors.core.write.HardState;

/**
 * The commands of scripts. {@code R} is a replica such as {@code r1}, several of them, or {@code
 * all}; {@code LINK} is {@code r1->r2} with {@code *} for any replica; positions and entries are
 * {@code index/term}.
 *
 * <pre>
 * settings KEY=VALUE...         before cluster: see ScriptSettings
 * timeouts r1=1000 r2=1500,1200 election time-outs in ms that are drawn next, the last repeats;
 *                               without it r1 draws 1000, r2 1100, r3 1200 ...
 * cluster 3 [learners=1]        starts r1..r3 as voters, r4 as a learner, with empty logs
 * given R KEY=VALUE...          restarts R with a journal of base=2/1 log=1,1,2 (terms above the
 *                               base) term=3 vote=r2 commit=1, all optional; the first entry of
 *                               a term is its no-op, another one such as 3/1 is called e3.1
 * tick R                        moves the clock to the deadline of R, and ticks R
 * advance 150ms                 moves the clock, ticks everybody who becomes due
 * run 150ms                     the same in steps of 10 ms, and after each delivers everything
 * leap 150ms                    moves the clock, ticks nobody
 * deliver LINK [TYPE] [count=n | nth=n | last]     in the order sent, unless nth or last
 * drop | duplicate              the same way
 * send LINK MESSAGE             puts a message on its way that nobody sent, e.g. from a past life
 * cut LINK... | isolate R | heal   messages sent over a cut link are lost
 * stabilize [R]                 delivers (among R) until nothing is on its way
 * elect R                       ticks R and stabilizes
 * propose R a b*500             proposals in one drain of the mailbox; b is padded to 500 bytes
 * propose-together R a b        the same in one message
 * read R x y                    linearizable reads in one drain
 * transfer R [TARGET] as NAME   asks for a transfer of leadership
 * disk R auto|manual|complete   writes finish at once (default), or when the script says so
 * apply R auto|manual|next      the same for the state machine
 * fetch R auto|manual|found|failed|stale   the same for entries that are read back from the journal
 * drain R auto|manual|now       when the core's turn to sequence and write comes
 * snapshot R [keep=n] [retain=i] [followers=i] [cheaper=i]   the state machine's state is saved; the
 *                               log may keep n entries (0), must reach back to the snapshot at i, and
 *                               to i for followers; who needs entries below i is sent the snapshot
 * ship LINK [arrives | delivered | failed]   the sender's newest snapshot arrives; the sender hears
 *                               that it was delivered; both without a word; or that it failed
 * crash R [keep-write] | stop R | restart R [cold] [without-state] | pause R | resume R
 * state [R] | log [R] | messages [LINK] | outcomes | durable [R] | staleness [R]
 * quiet COMMAND                 prints nothing;  brief COMMAND  only roles, commits, outcomes
 * violates R COMMAND            expects that R stops by a violated invariant
 * </pre>
 *
 * <p>stabilize, elect and run are brief by themselves; {@code full COMMAND} prints all.
 */
public final class ScriptCommands {

  private static final List<String> BRIEF =
      List.of("stabilize", "elect", "run", "cluster", "given");

  private final Transcript transcript = new Transcript();
  private final ScriptSettings settings = new ScriptSettings();
  private final Map<ReplicaId, ScriptedTimeouts> timeouts = new TreeMap<>();
  private @Nullable ScriptCluster cluster;

  /** Runs one line, and gives what it printed. */
  public List<String> run(String line) {
    List<String> words = new ArrayList<>(Arrays.asList(line.strip().split("\\s+", -1)));
    Transcript.Mode mode =
        BRIEF.contains(words.get(0)) ? Transcript.Mode.BRIEF : Transcript.Mode.FULL;
    switch (words.get(0)) {
      case "quiet" -> mode = Transcript.Mode.OFF;
      case "brief" -> mode = Transcript.Mode.BRIEF;
      default -> {}
    }
    if (List.of("quiet", "brief", "full").contains(words.get(0))) {
      words.remove(0);
    }
    transcript.mode(mode);
    if (words.get(0).equals("violates")) {
      violates(words);
    } else {
      execute(words);
    }
    return transcript.take();
  }

  private void violates(List<String> words) {
    ScriptReplica replica = one(words.get(1));
    try {
      execute(words.subList(2, words.size()));
    } catch (InvariantViolation e) {
      replica.crash();
      transcript.answer(replica.id() + " stopped by an invariant");
      return;
    }
    throw new IllegalStateException("no invariant was violated");
  }

  private void execute(List<String> words) {
    List<String> arguments = words.subList(1, words.size());
    switch (words.get(0)) {
      case "settings" -> settings.set(arguments);
      case "timeouts" -> arguments.forEach(this::timeouts);
      case "cluster" -> cluster(arguments);
      case "given" -> given(one(arguments.get(0)), arguments.subList(1, arguments.size()));
      case "tick" -> some(arguments.get(0)).forEach(cluster()::tick);
      case "advance" -> cluster().advance(ScriptSettings.nanos(arguments.get(0)));
      case "run" -> cluster().run(ScriptSettings.nanos(arguments.get(0)));
      case "leap" -> cluster().leap(ScriptSettings.nanos(arguments.get(0)));
      case "deliver" -> pick(arguments).forEach(cluster()::deliver);
      case "drop" -> pick(arguments).forEach(cluster().network()::remove);
      case "duplicate" -> pick(arguments).forEach(cluster().network()::duplicate);
      case "send" -> send(arguments);
      case "cut" -> arguments.forEach(this::cut);
      case "isolate" -> some(arguments.get(0)).forEach(r -> cluster().isolate(r.id()));
      case "heal" -> cluster().network().heal();
      case "stabilize" -> stabilize(arguments);
      case "elect" -> elect(one(arguments.get(0)));
      default -> executeOnReplica(words.get(0), arguments);
    }
  }

  private void executeOnReplica(String command, List<String> arguments) {
    switch (command) {
      case "propose" ->
          cluster().propose(one(arguments.get(0)), arguments.subList(1, arguments.size()));
      case "propose-together" ->
          cluster().proposeTogether(one(arguments.get(0)), arguments.subList(1, arguments.size()));
      case "read" -> cluster().read(one(arguments.get(0)), arguments.subList(1, arguments.size()));
      case "transfer" -> transfer(arguments);
      case "snapshot" -> {
        ScriptReplica replica = one(arguments.get(0));
        ScriptSnapshots.take(cluster(), replica, arguments.subList(1, arguments.size()));
      }
      case "ship" -> ship(arguments);
      case "disk", "apply", "fetch", "drain" ->
          some(arguments.get(0)).forEach(r -> control(command, r, arguments.get(1)));
      case "crash" ->
          some(arguments.get(0)).forEach(r -> cluster().crash(r, arguments.contains("keep-write")));
      case "stop" -> some(arguments.get(0)).forEach(r -> cluster().stop(r, false));
      case "restart" ->
          some(arguments.get(0))
              .forEach(
                  r -> r.start(arguments.contains("cold"), !arguments.contains("without-state")));
      case "pause" -> some(arguments.get(0)).forEach(r -> r.paused(true));
      case "resume" -> some(arguments.get(0)).forEach(r -> r.paused(false));
      default -> print(command, arguments);
    }
  }

  private void print(String command, List<String> arguments) {
    boolean ofReplicas = !arguments.isEmpty() && !arguments.get(0).contains("->");
    List<ScriptReplica> replicas = some(ofReplicas ? arguments.get(0) : "all");
    switch (command) {
      case "state" -> replicas.forEach(r -> Describe.state(r).forEach(transcript::answer));
      case "log" -> replicas.forEach(r -> transcript.answer(Describe.log(r)));
      case "memory" -> replicas.forEach(r -> transcript.answer(Describe.memory(r)));
      case "staleness" -> replicas.forEach(r -> transcript.answer(Describe.staleness(r)));
      case "durable" -> replicas.forEach(r -> transcript.answer(Describe.durable(r)));
      case "messages" ->
          pick(arguments.isEmpty() ? List.of("*->*") : arguments, letter -> true)
              .forEach(letter -> transcript.answer(letter.toString()));
      case "outcomes" -> cluster().checker().outcomes().forEach(transcript::answer);
      default -> throw new IllegalArgumentException("no command is called " + command);
    }
  }

  private void timeouts(String assignment) {
    ReplicaId id = id(assignment.substring(0, assignment.indexOf('=')));
    List<Long> nanos =
        Arrays.stream(assignment.substring(assignment.indexOf('=') + 1).split(",", -1))
            .map(text -> Long.parseLong(text) * ScriptCluster.MILLI)
            .toList();
    timeoutsOf(id).next(nanos);
  }

  private ScriptedTimeouts timeoutsOf(ReplicaId id) {
    return timeouts.computeIfAbsent(
        id, key -> new ScriptedTimeouts((900 + 100 * key.value()) * ScriptCluster.MILLI));
  }

  private void cluster(List<String> arguments) {
    long voters = Long.parseLong(arguments.get(0));
    long learners =
        arguments.size() > 1 ? Long.parseLong(arguments.get(1).substring("learners=".length())) : 0;
    Configuration configuration =
        new Configuration(ids(1, voters), ids(voters + 1, voters + learners));
    ScriptCluster started =
        new ScriptCluster(settings.build(), configuration, transcript, this::timeoutsOf);
    cluster = started;
    started.startAll();
  }

  private static List<ReplicaId> ids(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(ReplicaId::new).toList();
  }

  private void given(ScriptReplica replica, List<String> arguments) {
    LogPosition base = LogPosition.ZERO;
    long[] terms = {};
    long term = -1;
    ReplicaId vote = null;
    long commit = 0;
    for (String argument : arguments) {
      String value = argument.substring(argument.indexOf('=') + 1);
      switch (argument.substring(0, argument.indexOf('='))) {
        case "base" -> base = EntryText.position(value);
        case "log" ->
            terms = Arrays.stream(value.split(",", -1)).mapToLong(Long::parseLong).toArray();
        case "term" -> term = Long.parseLong(value);
        case "vote" -> vote = id(value);
        case "commit" -> commit = Long.parseLong(value);
        default -> throw new IllegalArgumentException("nothing is given by " + argument);
      }
    }
    List<LogEntry> log = new ArrayList<>();
    for (int i = 0; i < terms.length; i++) {
      LogPosition position = new LogPosition(base.index() + 1 + i, terms[i]);
      boolean first = terms[i] != (i == 0 ? base.term() : terms[i - 1]);
      String content = first ? "no-op" : "e" + position.index() + "." + position.term();
      log.add(EntryText.entry(position, content));
    }
    long lastTerm = terms.length == 0 ? base.term() : terms[terms.length - 1];
    HardState hard = new HardState(term < 0 ? lastTerm : term, vote);
    cluster().given(replica, base, hard, log, commit);
  }

  private void send(List<String> arguments) {
    Link link = link(arguments.get(0));
    RaftMessage message =
        MessageText.parse(String.join(" ", arguments.subList(1, arguments.size())));
    cluster().network().held().add(new Letter(link.from(), link.to(), message));
  }

  private void cut(String pattern) {
    for (ScriptReplica from : cluster().replicas()) {
      for (ScriptReplica to : cluster().replicas()) {
        if (matches(pattern, from.id(), to.id())) {
          cluster().cut(from.id(), to.id());
        }
      }
    }
  }

  private void stabilize(List<String> arguments) {
    List<ReplicaId> among = new ArrayList<>();
    for (String argument : arguments.isEmpty() ? List.of("all") : arguments) {
      some(argument).forEach(replica -> among.add(replica.id()));
    }
    cluster().stabilize(among::contains);
  }

  private void elect(ScriptReplica replica) {
    cluster().tick(replica);
    cluster().stabilize(any -> true);
  }

  private void transfer(List<String> arguments) {
    boolean named = !arguments.get(1).equals("as");
    ReplicaId target = named ? id(arguments.get(1)) : null;
    cluster().transfer(one(arguments.get(0)), target, arguments.get(arguments.size() - 1));
  }

  private void ship(List<String> arguments) {
    Link link = link(arguments.get(0));
    ScriptReplica from = cluster().replica(link.from());
    ScriptReplica to = cluster().replica(link.to());
    String how = arguments.size() > 1 ? arguments.get(1) : "";
    switch (how) {
      case "" -> {
        ScriptSnapshots.arrive(cluster(), from, to);
        ScriptSnapshots.sent(cluster(), from, to, true);
      }
      case "arrives" -> ScriptSnapshots.arrive(cluster(), from, to);
      case "delivered" -> ScriptSnapshots.sent(cluster(), from, to, true);
      case "failed" -> ScriptSnapshots.sent(cluster(), from, to, false);
      default -> throw new IllegalArgumentException("a snapshot cannot be shipped " + how);
    }
  }

  private void control(String what, ScriptReplica replica, String how) {
    switch (what + " " + how) {
      case "disk auto" -> {
        replica.disk().automatic(true);
        if (replica.disk().inFlight() != null) {
          replica.finishWrite();
        }
      }
      case "disk manual" -> replica.disk().automatic(false);
      case "disk complete" -> replica.finishWrite();
      case "apply auto" -> {
        replica.machine().automatic(true);
        replica.step(List.of());
      }
      case "apply manual" -> replica.machine().automatic(false);
      case "apply next" -> replica.applyNext();
      case "fetch auto" -> {
        replica.automaticFetch(true);
        replica.step(List.of());
      }
      case "fetch manual" -> replica.automaticFetch(false);
      case "fetch found" -> replica.answerFetch(true);
      case "fetch stale" -> replica.answerFetchWithStale();
      case "fetch failed" -> replica.answerFetch(false);
      case "drain auto" -> {
        replica.automaticDrain(true);
        replica.step(List.of());
      }
      case "drain manual" -> replica.automaticDrain(false);
      case "drain now" -> replica.drain();
      default -> throw new IllegalArgumentException("no command is called " + what + " " + how);
    }
  }

  /** What can be acted on: who is paused takes nothing, but what is on its way to it stays. */
  private List<Letter> pick(List<String> arguments) {
    return pick(arguments, letter -> !isAsleep(letter));
  }

  private List<Letter> pick(List<String> arguments, Predicate<Letter> among) {
    Predicate<Letter> filter =
        among.and(letter -> matches(arguments.get(0), letter.from(), letter.to()));
    int count = Integer.MAX_VALUE;
    Consumer<String> unknown =
        argument -> {
          throw new IllegalArgumentException("nothing is picked by " + argument);
        };
    int nth = 0;
    boolean last = false;
    for (String argument : arguments.subList(1, arguments.size())) {
      if (argument.startsWith("count=")) {
        count = Integer.parseInt(argument.substring("count=".length()));
      } else if (argument.startsWith("nth=")) {
        nth = Integer.parseInt(argument.substring("nth=".length()));
      } else if (argument.equals("last")) {
        last = true;
      } else if (Character.isUpperCase(argument.charAt(0))) {
        filter = filter.and(l -> l.message().getClass().getSimpleName().equals(argument));
      } else {
        unknown.accept(argument);
      }
    }
    List<Letter> found = cluster().network().matching(filter);
    if (last || nth > 0) {
      int at = last ? found.size() : nth;
      return List.of(found.get(at - 1));
    }
    return found.subList(0, Math.min(count, found.size()));
  }

  private boolean isAsleep(Letter letter) {
    return cluster().replicas().stream()
        .anyMatch(replica -> replica.id().equals(letter.to()) && replica.isPaused());
  }

  private static boolean matches(String pattern, ReplicaId from, ReplicaId to) {
    int arrow = pattern.indexOf("->");
    return matches(pattern.substring(0, arrow), from) && matches(pattern.substring(arrow + 2), to);
  }

  private static boolean matches(String pattern, ReplicaId id) {
    return pattern.equals("*") || Arrays.asList(pattern.split(",", -1)).contains(id.toString());
  }

  private static Link link(String text) {
    int arrow = text.indexOf("->");
    return new Link(id(text.substring(0, arrow)), id(text.substring(arrow + 2)));
  }

  private List<ScriptReplica> some(String text) {
    if (text.equals("all")) {
      return List.copyOf(cluster().replicas());
    }
    return Arrays.stream(text.split(",", -1)).map(this::one).toList();
  }

  private ScriptReplica one(String text) {
    return cluster().replica(id(text));
  }

  private static ReplicaId id(String text) {
    if (!text.matches("r[0-9]+")) {
      throw new IllegalArgumentException("'" + text + "' is no replica");
    }
    return new ReplicaId(Long.parseLong(text.substring(1)));
  }

  private ScriptCluster cluster() {
    ScriptCluster running = cluster;
    if (running == null) {
      throw new IllegalStateException("there is no cluster yet");
    }
    return running;
  }
}
