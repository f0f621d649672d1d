package org.raftactors.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.PartitionId;
import org.raftactors.snapshot.SnapshotFiles;
import org.raftactors.snapshot.SnapshotStore;

/** A backup comes back as it was, or is refused: nothing in between. */
class BackupFileTest {

  private static final String CLUSTER = "cluster-1";
  private static final int[] LENGTHS = {300, 0, 500};

  @TempDir private Path root;

  private Path file;

  @BeforeEach
  void name() {
    file = root.resolve("b.backup");
  }

  /** Snapshots in memory, one for each partition. */
  private record Source(String clusterId, List<byte[]> snapshots) implements BackupSource {
    @Override
    public List<PartitionId> partitions() {
      List<PartitionId> ids = new ArrayList<>();
      for (int i = 1; i <= snapshots.size(); i++) {
        ids.add(new PartitionId(i));
      }
      return ids;
    }

    @Override
    public CompletionStage<SnapshotStore.Content> snapshot(PartitionId partition) {
      byte[] bytes = snapshots.get((int) partition.value() - 1);
      return CompletableFuture.completedStage(SnapshotFiles.content(bytes));
    }
  }

  private Source source(int... lengths) throws IOException {
    List<byte[]> snapshots = new ArrayList<>();
    for (int i = 0; i < lengths.length; i++) {
      snapshots.add(SnapshotFiles.bytes(root, CLUSTER, i + 1, 10L * (i + 1), lengths[i]));
    }
    return new Source(CLUSTER, snapshots);
  }

  private static byte[] bytes(BackupSource source) throws IOException {
    try (InputStream stream = new BackupStream(source, 1_700_000_000_000L, 5)) {
      return stream.readAllBytes();
    }
  }

  private UnusableBackupException refused(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    try {
      BackupFile.verify(file);
    } catch (UnusableBackupException e) {
      return e;
    }
    return fail("%d bytes were not refused", bytes.length);
  }

  @Test
  void whatIsWritten_isReadAgain() throws IOException {
    Source source = source(100_000, 0, 200_000);
    BackupContents written = BackupFile.write(new BackupStream(source, 1_700_000_000_000L), file);
    assertThat(written.parts()).hasSize(3);
    assertThat(written.parts().get(2).partition()).isEqualTo(new PartitionId(3));
    assertThat(written.parts().get(2).position().index()).isEqualTo(30);
    assertThat(written.parts().get(2).sizeBytes()).isEqualTo(source.snapshots().get(2).length);
    assertThat(written.label().clusterId()).isEqualTo(CLUSTER);
    assertThat(written.label().partitions()).isEqualTo(3);
    assertThat(written.label().createdAt().toEpochMilli()).isEqualTo(1_700_000_000_000L);
    assertThat(written.label().sizeBytes()).isEqualTo(Files.size(file));
    assertThat(written.label().id()).hasSize(64);
    assertThat(BackupFile.verify(file)).isEqualTo(written);
    assertThat(BackupFile.look(file)).isEqualTo(written.label());

    List<byte[]> states = new ArrayList<>();
    BackupFile.read(file, (header, state) -> states.add(state.readAllBytes()));
    assertThat(states.get(0)).isEqualTo(SnapshotFiles.state(1, 100_000));
    assertThat(states.get(1)).isEmpty();
    assertThat(states.get(2)).isEqualTo(SnapshotFiles.state(3, 200_000));
    // A visitor that does not read to the end has what it took checked all the same.
    assertThat(BackupFile.read(file, (header, state) -> state.skipNBytes(0))).isEqualTo(written);
  }

  @Test
  void oneThatIsCutOffAnywhere_isRefused() throws IOException {
    byte[] whole = bytes(source(LENGTHS));
    for (int length = 0; length < whole.length; length++) {
      assertThat(refused(Arrays.copyOf(whole, length))).hasMessageContaining("byte ");
    }
    assertThat(refused(Arrays.copyOf(whole, whole.length + 1))).hasMessageContaining("trailer");
  }

  @Test
  void oneWithAnyBitFlipped_isRefused() throws IOException {
    byte[] whole = bytes(source(LENGTHS));
    for (int at = 0; at < whole.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        whole[at] ^= (byte) (1 << bit);
        refused(whole);
        whole[at] ^= (byte) (1 << bit);
      }
    }
  }

  @Test
  void whatIsDamaged_isNamed() throws IOException {
    Source source = source(200_000, 1_000, 200_000);
    byte[] whole = bytes(source);
    int third = whole.length - BackupFormat.TRAILER_BYTES - source.snapshots().get(2).length;
    whole[third + 150_000] ^= 1;
    // The chunk that the byte is in begins at most 64 KiB before it.
    assertThat(refused(whole))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("partition 3, byte ")
        .hasMessageContaining("the checksum of chunk 2 does not fit")
        .satisfies(
            e -> {
              long named =
                  Long.parseLong(
                      String.valueOf(e.getMessage()).replaceAll(".*byte (\\d+):.*", "$1"));
              assertThat(named).isBetween(third + 150_000L - (65 << 10), third + 150_000L);
            });
  }

  @Test
  void partsOfOthers_orInAnotherOrder_areRefused() throws IOException {
    Source source = source(300, 300);
    Source swapped =
        new Source(CLUSTER, List.of(source.snapshots().get(1), source.snapshots().get(0)));
    assertThat(refused(bytes(swapped)))
        .hasMessageContaining("partition 1, byte ")
        .hasMessageContaining("of cluster 'cluster-1' and partition p2");
    byte[] foreign = SnapshotFiles.bytes(root, "other", 1, 10, 300);
    assertThat(refused(bytes(new Source(CLUSTER, List.of(foreign)))))
        .hasMessageContaining("of cluster 'other'");

    // The very bytes of a section, once more or in another backup: the checks know their place.
    byte[] one = bytes(source);
    byte[] other = bytes(new Source("other", List.of(foreign)));
    int start = BackupFormat.header(CLUSTER, 0, 2).remaining();
    int length = BackupFormat.SECTION_BYTES + source.snapshots().get(0).length;
    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    twice.write(one, 0, start + length);
    twice.write(one, start, one.length - start);
    refused(twice.toByteArray());
    ByteArrayOutputStream mixed = new ByteArrayOutputStream();
    mixed.write(other, 0, BackupFormat.header("other", 0, 1).remaining());
    mixed.write(one, start, one.length - start);
    refused(mixed.toByteArray());
  }

  @Test
  void anotherVersion_isNamed() throws IOException {
    byte[] whole = bytes(source(10));
    ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).putInt(8, 9);
    assertThat(refused(whole))
        .hasMessageContaining("format version 9")
        .hasMessageContaining("version 1");
  }

  @Test
  void aBackupThatWasGivenUp_saysWhy_andLeavesNoFile() throws IOException {
    Source source = source(300, 300);
    BackupSource failing =
        new BackupSource() {
          @Override
          public String clusterId() {
            return CLUSTER;
          }

          @Override
          public List<PartitionId> partitions() {
            return source.partitions();
          }

          @Override
          public CompletionStage<SnapshotStore.Content> snapshot(PartitionId partition) {
            return partition.value() == 1
                ? source.snapshot(partition)
                : CompletableFuture.failedStage(new IOException("its disk is full"));
          }
        };
    assertThatThrownBy(() -> BackupFile.write(new BackupStream(failing, 1), file))
        .isInstanceOf(UnusableBackupException.class)
        .hasMessageContaining("given up: p2: its disk is full");
    assertThat(file).doesNotExist();
    assertThat(root.resolve("b.backup" + BackupFile.UNFINISHED)).doesNotExist();
  }

  @Test
  void aSnapshotThatBecomesShorterOnTheWay_isNoBackup() throws IOException {
    byte[] snapshot = source(300).snapshots().get(0);
    BackupSource shrinking =
        new BackupSource() {
          @Override
          public String clusterId() {
            return CLUSTER;
          }

          @Override
          public List<PartitionId> partitions() {
            return List.of(new PartitionId(1));
          }

          @Override
          public CompletionStage<SnapshotStore.Content> snapshot(PartitionId partition) {
            return CompletableFuture.completedStage(
                new SnapshotStore.Content() {
                  private final SnapshotStore.Content all = SnapshotFiles.content(snapshot);

                  @Override
                  public long size() {
                    return snapshot.length;
                  }

                  @Override
                  public int read(long position, ByteBuffer into) throws IOException {
                    return position >= 100 ? -1 : all.read(position, into.limit(100));
                  }

                  @Override
                  public void close() {}
                });
          }
        };
    assertThatThrownBy(() -> BackupFile.write(new BackupStream(shrinking, 1), file))
        .isInstanceOf(UnusableBackupException.class);
  }

  @Test
  void aFile_isNeverWrittenOver_butWhatACrashLeftIs() throws IOException {
    Source source = source(300);
    Files.writeString(root.resolve("b.backup" + BackupFile.UNFINISHED), "x".repeat(100_000));
    BackupContents written = BackupFile.write(new BackupStream(source, 1), file);
    assertThat(BackupFile.verify(file)).isEqualTo(written);
    assertThatThrownBy(() -> BackupFile.write(new BackupStream(source, 2), file))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining(file.toString());
    assertThat(BackupFile.verify(file)).isEqualTo(written);
  }

  @Test
  void twoThatWriteTheSameFile_doNotHarmEachOther() throws IOException {
    Source source = source(300);
    boolean[] tried = {false};
    InputStream slow =
        new FilterInputStream(new BackupStream(source, 1)) {
          @Override
          public int read(byte[] into) throws IOException {
            int read = super.read(into);
            if (!tried[0]) {
              tried[0] = true;
              assertThatThrownBy(() -> BackupFile.write(new BackupStream(source, 2), file))
                  .hasMessageContaining(BackupFile.UNFINISHED + " is being written");
            }
            return read;
          }
        };
    BackupContents written = BackupFile.write(slow, file);
    assertThat(tried[0]).isTrue();
    assertThat(BackupFile.verify(file)).isEqualTo(written);
  }

  @Test
  void whileASnapshotIsAwaited_theStreamIsNotSilent() throws IOException {
    Source source = source(300, 300);
    CompletableFuture<SnapshotStore.Content> second = new CompletableFuture<>();
    BackupSource slow =
        new BackupSource() {
          @Override
          public String clusterId() {
            return CLUSTER;
          }

          @Override
          public List<PartitionId> partitions() {
            return source.partitions();
          }

          @Override
          public CompletionStage<SnapshotStore.Content> snapshot(PartitionId partition) {
            return partition.value() == 1 ? source.snapshot(partition) : second;
          }
        };
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int fillers = 0;
    try (BackupStream stream = new BackupStream(slow, 1, 5)) {
      byte[] buffer = new byte[64];
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        all.write(buffer, 0, read);
        if (read == 1 && ++fillers == 3) {
          second.complete(SnapshotFiles.content(source.snapshots().get(1)));
        }
      }
    }
    BackupContents contents = BackupFile.write(new ByteArrayInputStream(all.toByteArray()), file);
    assertThat(contents.parts()).hasSize(2);
    assertThat(contents.label().sizeBytes()).isEqualTo(bytes(source).length + fillers);
  }

  @Test
  void aLargeSnapshot_passesThroughTheReadersBufferOnly() throws IOException {
    long size = (2L << 30) + 12_345; // more than an int can count
    BackupSource large =
        new BackupSource() {
          @Override
          public String clusterId() {
            return CLUSTER;
          }

          @Override
          public List<PartitionId> partitions() {
            return List.of(new PartitionId(1));
          }

          @Override
          public CompletionStage<SnapshotStore.Content> snapshot(PartitionId partition) {
            return CompletableFuture.completedStage(
                new SnapshotStore.Content() {
                  private long expected;

                  @Override
                  public long size() {
                    return size;
                  }

                  @Override
                  public int read(long position, ByteBuffer into) {
                    assertThat(position).isEqualTo(expected);
                    assertThat(into.remaining()).isLessThanOrEqualTo(1 << 20);
                    int length = into.remaining();
                    into.position(into.limit());
                    expected += length;
                    return length;
                  }

                  @Override
                  public void close() {
                    assertThat(expected).isEqualTo(size);
                  }
                });
          }
        };
    long total = 0;
    try (BackupStream stream = new BackupStream(large, 1)) {
      byte[] buffer = new byte[1 << 20];
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        total += read;
      }
    }
    assertThat(total).isGreaterThan(size);
  }
}
