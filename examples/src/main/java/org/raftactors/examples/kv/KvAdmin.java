package org.raftactors.examples.kv;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.raftactors.backup.BackupContents;
import org.raftactors.backup.BackupFile;
import org.raftactors.cluster.Restore;

/** What an operator does with the data of the service: backups, and bringing them back. */
public final class KvAdmin {

  static final String USAGE =
      """
      Usage: kv-admin backup --out FILE [--nodes LIST]
             kv-admin verify FILE
             kv-admin restore --from FILE --data-dir DIR
             kv-admin snapshot --partition N [--nodes LIST]

        backup    writes all data of a running cluster to a file: everything that was acknowledged
                  before the command began, and perhaps some of what came after. Made by the first
                  node that can; the others are tried if it cannot go on. Writes go on meanwhile.
        verify    reads a backup and checks all of it. Says which partition and byte is damaged.
        restore   makes a node of a new cluster begin with a backup. To be run for each initial node
                  of the new cluster, on its machine, before any of them is started; then start
                  them as always, with the same number of partitions as the old cluster. DIR is the
                  node's --data-dir, and must be empty: nothing is restored over data. The new
                  cluster has an id of its own and may have other nodes and another number of them.
                  A cluster in which only some nodes were restored does not come into being.
        snapshot  has each node that is named write a snapshot of its replica of a partition now.

        --nodes LIST   http://HOST:PORT,...; else what KV_NODES says, else the three of kv-cluster
        --help         prints this

      Exit status, with a line on stderr for each but 0:
         0  done
         1  not done: refused, damaged, or no node could
         2  bad command line
      """;

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int BAD = 2;

  private static final String DEFAULT_NODES =
      "http://127.0.0.1:8081,http://127.0.0.1:8082,http://127.0.0.1:8083";

  /** A node that makes a backup says something every two seconds. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final String defaultNodes;
  private final PrintStream out;
  private final PrintStream err;

  KvAdmin(String defaultNodes, PrintStream out, PrintStream err) {
    this.defaultNodes = defaultNodes;
    this.out = out;
    this.err = err;
  }

  /**
   * Runs one command and exits with its status.
   *
   * @param arguments see {@code --help}
   */
  public static void main(String[] arguments) throws InterruptedException {
    String nodes = System.getenv().getOrDefault("KV_NODES", DEFAULT_NODES);
    int status = new KvAdmin(nodes, System.out, System.err).run(List.of(arguments));
    System.out.flush();
    System.exit(status);
  }

  int run(List<String> arguments) throws InterruptedException {
    if (arguments.contains("--help")) {
      out.print(USAGE);
      return DONE;
    }
    try {
      String command = arguments.isEmpty() ? "" : arguments.get(0);
      List<String> rest = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
      return switch (command) {
        case "backup" -> {
          Map<String, String> given = options(command, rest, Set.of("--out", "--nodes"));
          yield backup(path("--out", required(given, "--out")), nodes(given));
        }
        case "verify" -> {
          if (rest.size() != 1) {
            throw new BadArgumentException("verify needs one file");
          }
          yield verify(path("FILE", rest.get(0)));
        }
        case "restore" -> {
          Map<String, String> given = options(command, rest, Set.of("--from", "--data-dir"));
          yield restore(
              path("--from", required(given, "--from")),
              path("--data-dir", required(given, "--data-dir")));
        }
        case "snapshot" -> {
          Map<String, String> given = options(command, rest, Set.of("--partition", "--nodes"));
          yield snapshot(required(given, "--partition"), nodes(given));
        }
        default -> throw new BadArgumentException("'" + command + "' is not a command of kv-admin");
      };
    } catch (BadArgumentException e) {
      return fail(BAD, e.getMessage() + " (--help shows all commands)");
    } catch (IOException e) {
      return fail(FAILED, reason(e));
    }
  }

  private int backup(Path file, List<String> nodes) throws IOException, InterruptedException {
    for (String node : nodes) {
      try {
        HttpResponse<InputStream> response = send(node, "/raft/backup", "GET");
        try (InputStream body = new StallGuard(response.body(), SILENCE)) {
          if (response.statusCode() == 200) {
            BackupContents contents = BackupFile.write(body, file);
            out.println("backed up from " + node + " to " + file);
            return print(contents);
          }
          complain(node, response.statusCode() + " " + text(body));
        }
      } catch (FileSystemException e) {
        throw e; // here, and so the same with any other node
      } catch (IOException e) {
        complain(node, reason(e));
      }
    }
    return fail(FAILED, "no node has given a whole backup; there is no file " + file);
  }

  private int verify(Path file) throws IOException {
    BackupContents contents = BackupFile.verify(file);
    out.println(file + " is whole and undamaged");
    return print(contents);
  }

  private int restore(Path file, Path dataDir) throws IOException {
    BackupContents contents = Restore.restore(file, dataDir);
    out.println("restored for the first start of the node with --data-dir " + dataDir);
    out.println("once this is done for every initial node, start them all");
    return print(contents);
  }

  private int snapshot(String partition, List<String> nodes)
      throws BadArgumentException, InterruptedException {
    if (!partition.matches("[0-9]{1,18}")) {
      throw new BadArgumentException("--partition is '" + partition + "', but must be a number");
    }
    int status = DONE;
    for (String node : nodes) {
      try {
        HttpResponse<InputStream> response =
            send(node, "/raft/snapshot?partition=" + partition, "POST");
        try (InputStream body = response.body()) {
          String text = text(body);
          if (response.statusCode() == 200) {
            out.println(node + ": " + text);
          } else {
            complain(node, response.statusCode() + " " + text);
            status = FAILED;
          }
        }
      } catch (IOException e) {
        complain(node, reason(e));
        status = FAILED;
      }
    }
    return status;
  }

  private HttpResponse<InputStream> send(String node, String path, String method)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(node + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(SILENCE)
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
  }

  private static String text(InputStream body) throws IOException {
    return new String(body.readNBytes(10_000), StandardCharsets.UTF_8).strip();
  }

  private int print(BackupContents contents) {
    out.printf(
        "backup %s%n  of cluster %s, begun at %s, %d bytes%n",
        contents.label().id(),
        contents.label().clusterId(),
        contents.label().createdAt(),
        contents.label().sizeBytes());
    for (BackupContents.Part part : contents.parts()) {
      out.printf(
          "  partition %d up to index %d of term %d, %d bytes%n",
          part.partition().value(),
          part.position().index(),
          part.position().term(),
          part.sizeBytes());
    }
    return DONE;
  }

  private void complain(String node, String problem) {
    err.println("kv-admin: " + node + ": " + problem);
  }

  private int fail(int status, String problem) {
    err.println("kv-admin: " + problem);
    return status;
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    boolean plain = e.getClass().getName().startsWith("org.raftactors.");
    return plain && message != null ? message : e.toString();
  }

  private static Map<String, String> options(
      String command, List<String> arguments, Set<String> names) throws BadArgumentException {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (!names.contains(name)) {
        throw new BadArgumentException("'" + name + "' is not an argument of " + command);
      }
      if (i + 1 == arguments.size()) {
        throw new BadArgumentException(name + " needs a value");
      }
      if (given.put(name, arguments.get(i + 1)) != null) {
        throw new BadArgumentException(name + " is given twice");
      }
    }
    return given;
  }

  private static String required(Map<String, String> given, String name)
      throws BadArgumentException {
    String value = given.get(name);
    if (value == null) {
      throw new BadArgumentException(name + " is missing");
    }
    return value;
  }

  private static Path path(String name, String value) throws BadArgumentException {
    try {
      if (!value.isBlank()) {
        return Path.of(value).toAbsolutePath().normalize();
      }
    } catch (InvalidPathException e) {
      throw new BadArgumentException(name + " is '" + value + "': " + e.getReason());
    }
    throw new BadArgumentException(name + " is '" + value + "', but must be a path");
  }

  private List<String> nodes(Map<String, String> given) throws BadArgumentException {
    List<String> nodes = List.of(given.getOrDefault("--nodes", defaultNodes).split(","));
    for (String node : nodes) {
      if (!node.matches("https?://[^/?#\\s]+")) {
        throw new BadArgumentException(
            "'" + node + "' is not a node: one is written http://HOST:PORT");
      }
    }
    return nodes;
  }
}
