package org.raftactors.examples.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * A node in a JVM of its own, which obeys lines on its stdin and answers with lines on its stdout;
 * it ends when its stdin does. What it logs goes to a file.
 */
final class ServerProcess {

  private static final String END = "end-of-output";

  private final String name;
  private final Process process;
  private final Writer in;
  private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

  /** What was said while something else was awaited. */
  private final List<List<String>> early = new ArrayList<>();

  private ServerProcess(String name, List<String> command, Path log) throws IOException {
    this.name = name;
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile()));
    // RocksDB unpacks its library here; where it would else, each kill leaves 17 MB for good.
    Path unpacked = Files.createDirectories(log.resolveSibling(log.getFileName() + ".native"));
    builder.environment().put("ROCKSDB_SHAREDLIB_DIR", unpacked.toString());
    this.process = builder.start();
    this.in = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    Thread reader = new Thread(this::readLines, name + "-output");
    reader.setDaemon(true);
    reader.start();
  }

  private void readLines() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith(Sayings.MARK)) {
          lines.add(line.substring(Sayings.MARK.length()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("output of " + name, e);
    } finally {
      lines.add(END);
    }
  }

  /** Starts a program of this class path in a JVM of its own. */
  static ServerProcess java(
      String name, Path log, List<String> jvm, Class<?> program, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(compilation());
    command.addAll(jvm);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
    command.addAll(arguments);
    return new ServerProcess(name, command, log);
  }

  /** The options of this process for tiers of compilation, such as those of bin/java-options. */
  private static List<String> compilation() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith("-XX:Tier"))
        .toList();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Without any farewell. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  void send(String line) {
    try {
      in.write(line + "\n");
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " has ended", e);
    }
  }

  /** Waits for the answer that starts with the given word; returns its words. */
  List<String> await(String word, int seconds) throws InterruptedException {
    return await(word, seconds, rate -> {});
  }

  /** The same; hands out the rates that are told meanwhile. */
  List<String> await(String word, int seconds, LongConsumer rates) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    for (List<String> words : early) {
      if (words.get(0).equals(word)) {
        early.remove(words);
        return words;
      }
    }
    while (true) {
      String line = lines.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (line == null) {
        throw new IllegalStateException(
            name + " did not say '" + word + "' within " + seconds + " s");
      }
      List<String> words = List.of(line.split(" "));
      switch (words.get(0)) {
        case "rate" -> rates.accept(Long.parseLong(words.get(1)));
        case END, "failed" -> throw new IllegalStateException(name + ": " + line);
        default -> {
          if (words.get(0).equals(word)) {
            return words;
          }
          early.add(words);
        }
      }
    }
  }

  /** Begins a load; what is left of the one before is of no interest any more. */
  void load(Load load) {
    early.clear();
    send(load.command());
  }

  List<String> ask(String line, String word, int seconds) throws InterruptedException {
    send(line);
    return await(word, seconds);
  }

  /** Asks it to end, waits, and in the end kills it. */
  void stop() {
    try {
      if (process.isAlive()) {
        process.getOutputStream().close();
      }
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
