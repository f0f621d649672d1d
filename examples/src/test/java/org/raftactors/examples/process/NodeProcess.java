package org.raftactors.examples.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One node in a JVM of its own, run by {@code bin/kv-node}, which can be started again and again
 * with the same command line. Its output is appended to one file.
 */
final class NodeProcess {

  private static final Path SCRIPT = Path.of("bin", "kv-node").toAbsolutePath();

  /**
   * Three JVMs and the test share two cores: start fast, compile little. What cannot be served is
   * refused, or given up, sooner than for users; and remoting's tables change within the time that
   * a test takes, not only every minute.
   */
  private static final String JAVA_OPTS =
      "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dkv.request-timeout=4s"
          + " -Dpekko.remote.artery.advanced.compression.actor-refs.advertisement-interval=2s"
          + " -Dpekko.remote.artery.advanced.compression.manifests.advertisement-interval=2s";

  final String id;
  final int httpPort;
  private final List<String> command;
  private final Path log;
  private final String javaOptions;
  private @Nullable Process process;

  NodeProcess(String id, int httpPort, List<String> settings, List<String> arguments, Path log) {
    this.id = id;
    this.httpPort = httpPort;
    this.log = log;
    StringBuilder options = new StringBuilder(JAVA_OPTS);
    settings.forEach(setting -> options.append(" -D").append(setting));
    this.javaOptions = options.toString();
    this.command = new ArrayList<>(List.of(SCRIPT.toString()));
    command.addAll(arguments);
  }

  void start() throws IOException {
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
    builder.environment().put("JAVA_OPTS", javaOptions);
    process = builder.start(); // the script becomes the JVM: signals go to the node itself
  }

  boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    Process killed = running();
    killed.destroyForcibly();
    if (!killed.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException(id + " survived SIGKILL");
    }
  }

  /** SIGTERM; returns the exit status. */
  int terminate() throws InterruptedException {
    running().destroy();
    return awaitExit();
  }

  /** Waits for the process to end by itself; returns the exit status. */
  int awaitExit() throws InterruptedException {
    Process ending = running();
    if (!ending.waitFor(60, TimeUnit.SECONDS)) {
      throw new IllegalStateException(id + " did not end within 60 s");
    }
    return ending.exitValue();
  }

  /** SIGSTOP: the process stands still, its connections stay open. */
  void pause() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /** SIGCONT. */
  void goOn() throws IOException, InterruptedException {
    signal("-CONT");
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

  /** What it has written so far, all its starts together. */
  String output() throws IOException {
    return Files.exists(log) ? Files.readString(log) : "";
  }

  String outputTail(int lines) throws IOException {
    List<String> all = output().lines().toList();
    return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
  }

  @Override
  public String toString() {
    return id;
  }
}
