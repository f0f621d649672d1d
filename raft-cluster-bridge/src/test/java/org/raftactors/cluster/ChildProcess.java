package org.raftactors.cluster;

import static org.awaitility.Awaitility.await;
import static org.raftactors.cluster.TestCluster.LONG;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** A {@link KilledNode} in a JVM of its own: told what to do, and what it says. */
final class ChildProcess implements AutoCloseable {

  private final Process process;
  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private final Queue<String> log = new ConcurrentLinkedQueue<>();

  private ChildProcess(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "output of a child");
    reader.setDaemon(true);
    reader.start();
  }

  static ChildProcess start(Path unpacked, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Several JVMs share few cores: start fast, compile little.
    command.addAll(List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(KilledNode.class.getName());
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ROCKSDB_SHAREDLIB_DIR", unpacked.toString()); // gone with the test
    return new ChildProcess(builder.start());
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        (line.startsWith(KilledNode.MARK) ? said : log).add(line);
      }
    } catch (IOException ended) {
      log.add("no more output: " + ended);
    }
  }

  void tell(String line) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /** Waits for its next answer, which must begin like this; returns the rest. */
  String answer(String beginning) {
    String line =
        await(beginning)
            .atMost(LONG)
            .until(
                () -> {
                  String next = said.poll();
                  if (next == null && !process.isAlive()) {
                    throw new AssertionError("it has ended: " + process.exitValue() + log());
                  }
                  return next;
                },
                next -> next != null);
    String whole = KilledNode.MARK + beginning;
    if (!line.startsWith(whole)) {
      throw new AssertionError("it said " + line + " and not " + whole);
    }
    return line.substring(whole.length()).strip();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Once it has ended. */
  int status() throws InterruptedException {
    if (!process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("it does not end" + log());
    }
    return process.exitValue();
  }

  void signal(String signal) throws IOException, InterruptedException {
    int status = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    if (status != 0) {
      throw new AssertionError("kill " + signal + " failed: " + status);
    }
  }

  /** All that it logged. */
  String log() {
    return "\n" + String.join("\n", log);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
