package org.raftactors.examples.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Another program that measures something else the same way. */
final class Peer {

  private Peer() {}

  /** The command line for what is being measured. */
  static String command(Options options) {
    return options
        .peerCommand()
        .replace(
            "{cells}",
            options.cells().stream()
                .map(cell -> cell.payload() + ":" + cell.window())
                .collect(Collectors.joining(",")))
        .replace("{partitions}", Integer.toString(options.partitions()))
        .replace("{prewarm}", Integer.toString(options.prewarmSeconds()))
        .replace("{prewarm-window}", Integer.toString(options.prewarmWindow()))
        .replace("{warm}", Integer.toString(options.warmSeconds()))
        .replace("{measure}", Integer.toString(options.measureSeconds()))
        .replace("{entries}", Long.toString(options.entries()));
  }

  /** Runs it to its end; false if it failed. */
  static boolean run(Options options, Results results) throws IOException, InterruptedException {
    String command = command(options);
    System.err.println("benchmark: " + command);
    Process process =
        new ProcessBuilder("sh", "-c", command).redirectError(Redirect.INHERIT).start();
    Thread stopping = new Thread(() -> stop(process));
    Runtime.getRuntime().addShutdownHook(stopping);
    process.getOutputStream().close();
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        results.addText(line);
      }
    }
    int status = process.waitFor();
    if (Benchmark.isStillWanted(stopping) && status != 0) {
      System.err.println("benchmark: the peer's command ended with status " + status);
    }
    return status == 0;
  }

  private static void stop(Process process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }
}
