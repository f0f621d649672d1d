package org.raftactors.examples.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {

  private static final List<String> FILES =
      List.of("data/000007.log", "data/000005.sst", "data-snapshots/c/1/2/7-1.snapshot");

  @TempDir Path home;

  private byte[] write(String file) throws IOException {
    byte[] content = new byte[5_000];
    new Random(file.hashCode()).nextBytes(content);
    Path path = home.resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, content);
    return content;
  }

  @Test
  void strike_changesWhatItSays_andNothingElse() throws IOException {
    Set<String> struck = new HashSet<>();
    for (long seed = 0; seed < 50; seed++) {
      byte[] other = write("data/MANIFEST-000004");
      for (String file : FILES) {
        write(file);
      }
      List<String> done = Damage.strike(home, new Random(seed));
      assertThat(done).as("seed %s", seed).isNotEmpty();
      for (String file : FILES) {
        boolean named = done.stream().anyMatch(text -> text.startsWith(file + " "));
        byte[] now = Files.readAllBytes(home.resolve(file));
        boolean changed = !Arrays.equals(now, write(file));
        // Two of one kind may cancel each other out, if they hit the same bit: not with these
        // seeds.
        assertThat(changed).as("seed %s: %s", seed, done).isEqualTo(named);
        if (named) {
          struck.add(file);
        }
      }
      assertThat(home.resolve("data/MANIFEST-000004")).hasBinaryContent(other);
    }
    assertThat(struck).containsExactlyInAnyOrderElementsOf(FILES);
  }

  @Test
  void strike_whereNothingIs_saysSo() throws IOException {
    assertThat(Damage.strike(home, new Random(1))).isEmpty();
  }
}
