package org.raftactors.core.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The scripts of {@link ScriptsTest}, a folder in each test. For mutation tests only, which run
 * each test many hundred times: that costs more for a dynamic test than the script that it plays.
 */
class FoldersOfScripts {

  @Test
  void commit() throws IOException {
    play("commit");
  }

  @Test
  void election() throws IOException {
    play("election");
  }

  @Test
  void prevote() throws IOException {
    play("prevote");
  }

  @Test
  void reads() throws IOException {
    play("reads");
  }

  @Test
  void replication() throws IOException {
    play("replication");
  }

  @Test
  void storage() throws IOException {
    play("storage");
  }

  @Test
  void transfer() throws IOException {
    play("transfer");
  }

  private static void play(String folder) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(Path.of("src", "test", "resources", "scripts", folder))) {
      files = found.sorted().toList();
    }
    for (Path file : files) {
      ScriptFile script = new ScriptFile(file);
      assertThat(script.actual()).as("%s", file).isEqualTo(script.expected());
    }
  }
}
