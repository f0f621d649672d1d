package org.raftactors.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A state eight times as large as the heap is written, sent, received and loaded. */
class LargeStateTest {

  private static final int PART = 1 << 20;
  private static final int PARTS = 256;

  @TempDir private Path root;

  @Test
  void stateLargerThanTheHeap_passesThrough() throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                List.of(
                    java.toString(),
                    "-Xmx32m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Child.class.getName(),
                    root.toString()))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  /** Runs in the small heap. */
  static final class Child {

    private Child() {}

    public static void main(String[] args) throws IOException {
      Snapshots one = Fixtures.local(Path.of(args[0], "one"), Fixtures.ONE);
      Snapshots two = Fixtures.local(Path.of(args[0], "two"), Fixtures.ONE);
      CRC32C written = new CRC32C();
      SnapshotInfo info =
          one.write(
              Fixtures.header(10),
              out -> {
                byte[] part = Fixtures.state(1, PART);
                for (int i = 0; i < PARTS; i++) {
                  part[i] ^= (byte) i;
                  written.update(part);
                  out.write(part);
                }
              },
              () -> false);
      try (SnapshotStore.Content content = one.content(info);
          Staging staging = Fixtures.stage(two, info)) {
        while (staging.offset() < info.sizeBytes()) {
          byte[] bytes = Snapshots.read(content, staging.offset(), 128 << 10);
          staging.append(bytes, 0, bytes.length);
        }
        staging.complete();
      }
      CRC32C read = new CRC32C();
      try (SnapshotStore.Content content = two.content(info)) {
        InputStream in = Snapshots.input(info, content);
        byte[] buffer = new byte[10_000];
        for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
          read.update(buffer, 0, length);
        }
      }
      if (read.getValue() != written.getValue() || info.sizeBytes() < (long) PART * PARTS) {
        throw new IllegalStateException("not what was written");
      }
    }
  }
}
