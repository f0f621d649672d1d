package org.raftactors.examples.process;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One node in a JVM of its own, run by {@code bin/kv-node}, which can be started again and again
 * with the same command line. Its output is appended to one file.
 */
public final class NodeProcess {

  /** How long a request to such a node may take altogether. */
  public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(4);

  /**
   * Several JVMs and a test share few cores: start fast, compile little. What cannot be served is
   * refused, or given up, sooner than for users; and remoting's tables change within the time that
   * a test takes, not only every minute.
   */
  private static final String JAVA_OPTS =
      "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dkv.request-timeout="
          + REQUEST_TIMEOUT.toSeconds()
          + "s"
          + " -Dpekko.remote.artery.advanced.compression.actor-refs.advertisement-interval=2s"
          + " -Dpekko.remote.artery.advanced.compression.manifests.advertisement-interval=2s";

  private final String id;
  private final String host;
  private final int httpPort;
  private final List<String> command;
  private final Path log;
  private final String javaOptions;
  private String moreOptions = "";
  private @Nullable Process process;

  /**
   * Prepares a process; nothing runs yet.
   *
   * @param script {@code bin/kv-node}
   * @param id the node's id
   * @param http where it listens for clients
   * @param settings further settings, each as {@code key=value}
   * @param arguments the command line
   * @param log where its output goes
   */
  public NodeProcess(
      Path script,
      String id,
      InetSocketAddress http,
      List<String> settings,
      List<String> arguments,
      Path log) {
    this(script, id, http, settings, arguments, log, "-XX:SharedArchiveFile=");
  }

  private NodeProcess(
      Path script,
      String id,
      InetSocketAddress http,
      List<String> settings,
      List<String> arguments,
      Path log,
      String archiving) {
    this.id = id;
    this.host = http.getHostString();
    this.httpPort = http.getPort();
    this.log = log;
    StringBuilder options = new StringBuilder(JAVA_OPTS);
    settings.forEach(setting -> options.append(" -D").append(setting));
    String archive = classArchive(script).toString();
    if (archive.chars().noneMatch(Character::isWhitespace)) { // the script splits the options there
      // If there is none, or it does not fit any more, the JVM does without it, and says nothing.
      options.append(" -Xlog:disable ").append(archiving).append(archive);
    }
    this.javaOptions = options.toString();
    this.command = new ArrayList<>(List.of(script.toAbsolutePath().toString()));
    command.addAll(arguments);
  }

  /** A lone node, the only one of its cluster, that leaves the archive when it is terminated. */
  static NodeProcess archiving(
      Path script, InetSocketAddress http, List<String> arguments, Path log) {
    return new NodeProcess(
        script, "n1", http, List.of(), arguments, log, "-XX:ArchiveClassesAtExit=");
  }

  /** The archive of loaded classes, with which nodes start with little more than half the work. */
  static Path classArchive(Path script) {
    Path target = script.toAbsolutePath().resolveSibling(Path.of("..", "target")).normalize();
    return Path.of("").toAbsolutePath().relativize(target.resolve("node.jsa"));
  }

  /**
   * Gives the JVM further options, from its next start on; they win over those it has.
   *
   * @param options without spaces in them
   */
  public void javaOptions(String... options) {
    moreOptions = " " + String.join(" ", options);
  }

  /**
   * The node's id.
   *
   * @return as on its command line
   */
  public String id() {
    return id;
  }

  /**
   * Where it listens for clients.
   *
   * @return a port of {@link #host}
   */
  public int httpPort() {
    return httpPort;
  }

  /**
   * The address that it listens at for clients.
   *
   * @return a name or an address
   */
  public String host() {
    return host;
  }

  /**
   * Starts it; what it prints is appended to its log.
   *
   * @throws IOException if there is no such script
   */
  public void start() throws IOException {
    Process before = process;
    if (before != null && before.isAlive()) {
      throw new IllegalStateException(id + " runs already");
    }
    Files.createDirectories(log.toAbsolutePath().getParent());
    File file = log.toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(file));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("JAVA_OPTS", javaOptions + moreOptions);
    // RocksDB unpacks its library here; where it would else, each kill leaves 17 MB for good.
    Path unpacked = Files.createDirectories(log.resolveSibling(log.getFileName() + ".native"));
    builder.environment().put("ROCKSDB_SHAREDLIB_DIR", unpacked.toAbsolutePath().toString());
    process = builder.start(); // the script becomes the JVM: signals go to the node itself
  }

  /**
   * Whether it runs, or stands still.
   *
   * @return false before its start and after its end
   */
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /**
   * {@code kill -9}.
   *
   * @throws InterruptedException if the waiting for its end is interrupted
   */
  public void kill() throws InterruptedException {
    Process killed = running();
    killed.destroyForcibly();
    if (!killed.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException(id + " survived SIGKILL");
    }
  }

  /**
   * SIGTERM.
   *
   * @return the exit status
   * @throws InterruptedException if the waiting for its end is interrupted
   */
  public int terminate() throws InterruptedException {
    running().destroy();
    return awaitExit();
  }

  /**
   * Waits for the process to end by itself.
   *
   * @return the exit status
   * @throws InterruptedException if the waiting is interrupted
   */
  public int awaitExit() throws InterruptedException {
    Process ending = running();
    if (!ending.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException(id + " did not end within 60 s");
    }
    return ending.exitValue();
  }

  /**
   * SIGSTOP: the process stands still, its connections stay open.
   *
   * @throws IOException if there is no program {@code kill}
   * @throws InterruptedException if this thread is interrupted
   */
  public void pause() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /**
   * SIGCONT.
   *
   * @throws IOException if there is no program {@code kill}
   * @throws InterruptedException if this thread is interrupted
   */
  public void goOn() throws IOException, InterruptedException {
    signal("-CONT");
  }

  /**
   * Whether the system says that it stands still.
   *
   * @return false also if that cannot be found out
   */
  public boolean standsStill() {
    try {
      // The state follows the name, which is in parentheses and may contain anything.
      String stat = Files.readString(Path.of("/proc/" + running().pid() + "/stat"));
      return stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("T");
    } catch (IOException gone) {
      return false;
    }
  }

  private void signal(String signal) throws IOException, InterruptedException {
    int status =
        new ProcessBuilder("kill", signal, Long.toString(running().pid())).start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("kill " + signal + " of " + id + " failed: " + status);
    }
  }

  private Process running() {
    Process started = process;
    if (started == null) {
      throw new IllegalStateException(id + " was never started");
    }
    return started;
  }

  /**
   * What it has written so far.
   *
   * @return all its starts together
   * @throws IOException if it cannot be read
   */
  public String output() throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /**
   * The end of what it has written so far.
   *
   * @param lines how many lines at most
   * @return these lines
   * @throws IOException if they cannot be read
   */
  public String outputTail(int lines) throws IOException {
    List<String> all = output().lines().toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }

  @Override
  public String toString() {
    return id;
  }
}
