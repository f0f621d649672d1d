package org.raftactors.examples.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A process of the benchmark and its launcher: it obeys lines on stdin, answers with marked lines
 * on stdout, and ends when stdin does, so it never outlives its launcher.
 */
final class Sayings {

  /** Before each line to the launcher. */
  static final String MARK = "@@ ";

  /** Does what a line says. */
  @FunctionalInterface
  interface Commands {
    void obey(List<String> words) throws Exception;
  }

  private final PrintStream out = System.out;

  /** From now on, what libraries print does not look like an answer. */
  Sayings() {
    System.setOut(System.err);
  }

  void say(String line) {
    synchronized (out) {
      out.println(MARK + line);
      out.flush();
    }
  }

  /** Obeys until stdin ends; then this process ends. */
  void obey(Commands commands) throws Exception {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      commands.obey(List.of(line.split(" ", -1)));
    }
    // The data is thrown away: there is nothing to hand over.
    Runtime.getRuntime().halt(0);
  }

  /** For a line that is none of them. */
  static IOException unknown(List<String> words) {
    return new IOException("not a command: " + words);
  }

  /** Does what takes long, while further lines are obeyed. */
  void inBackground(Commands commands, List<String> words) {
    Thread thread =
        new Thread(
            () -> {
              try {
                commands.obey(words);
              } catch (Exception e) {
                e.printStackTrace(System.err);
                say("failed " + e);
              }
            },
            "command-" + words.get(0));
    thread.setDaemon(true);
    thread.start();
  }
}
