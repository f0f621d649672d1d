package org.raftactors.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.SnapshotView;

/** Really damaged files: found, reported by name, never handed out. */
class DamagedSnapshotsTest {

  @TempDir private Path root;

  private Snapshots snapshots;
  private final byte[] state = Fixtures.state(3, 100);

  @BeforeEach
  void open() throws IOException {
    snapshots = Fixtures.local(root, Fixtures.ONE);
  }

  private Path directory(long partition, long replica) {
    return root.resolve(LocalSnapshotStore.directoryName("a/cluster"))
        .resolve(Long.toString(partition))
        .resolve(Long.toString(replica));
  }

  private Path file(SnapshotInfo info) {
    return directory(7, 1).resolve(info.name() + ".snapshot");
  }

  /** Not in the list, or refused when it is read; and whatever was read before that is true. */
  private void assertRefused(SnapshotInfo info, String what) throws IOException {
    assertThatThrownBy(() -> snapshots.verify(info))
        .as(what)
        .isInstanceOf(UnusableSnapshotException.class)
        .hasMessageContaining(info.name());
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    assertThatThrownBy(
            () -> {
              try (SnapshotStore.Content content = snapshots.content(info)) {
                Snapshots.input(info, content).transferTo(got);
              }
            })
        .as(what)
        .isInstanceOf(UnusableSnapshotException.class);
    byte[] bytes = got.toByteArray();
    assertThat(bytes).as(what).isEqualTo(Arrays.copyOf(state, bytes.length));
  }

  @Test
  void whatWasWritten_isReadBack_andBelongsToItsOwnerOnly() throws IOException {
    for (int length : new int[] {0, 1, 65_535, 65_536, 65_537, 300_000}) {
      byte[] bytes = Fixtures.state(length, length);
      SnapshotInfo info = Fixtures.write(snapshots, 10 + length, bytes);
      snapshots.verify(info);
      assertThat(Fixtures.read(snapshots, info)).isEqualTo(bytes);
      assertThat(snapshots.list().usable()).contains(info);
      assertThat(info.header()).isEqualTo(Fixtures.header(10 + length));
      assertThat(info.sizeBytes()).isEqualTo(Files.size(file(info)));
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(info))))
          .isEqualTo("rw-------");
    }
    assertThat(snapshots.list().usable())
        .isSortedAccordingTo((a, b) -> Long.compare(b.position().index(), a.position().index()));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory(7, 1))))
        .isEqualTo("rwx------");
  }

  @Test
  void cutOffAnywhere_isFoundAtOnce() throws IOException {
    SnapshotInfo info = Fixtures.write(snapshots, 10, state);
    byte[] raw = Files.readAllBytes(file(info));
    for (int length = 0; length < raw.length; length++) {
      Files.write(file(info), Arrays.copyOf(raw, length));
      Snapshots.Listing listing = snapshots.list();
      assertThat(listing.usable()).as("cut at %s", length).isEmpty();
      assertThat(listing.damaged()).hasSize(1);
      assertThat(listing.damaged().get(0).name()).isEqualTo(info.name());
      assertRefused(info, "cut at " + length);
    }
    Files.write(file(info), Arrays.copyOf(raw, raw.length + 1));
    assertThat(snapshots.list().usable()).isEmpty();
    assertRefused(info, "longer");
  }

  @Test
  void everyFlippedBit_isFound() throws IOException {
    SnapshotInfo info = Fixtures.write(snapshots, 10, state);
    byte[] raw = Files.readAllBytes(file(info));
    for (int bit = 0; bit < 8 * raw.length; bit++) {
      byte[] flipped = raw.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file(info), flipped);
      assertRefused(info, "bit " + bit);
    }
  }

  @Test
  void chunksInAnotherPlace_areRefused() throws IOException {
    byte[] large = Fixtures.state(4, 3 * SnapshotFormat.CHUNK_BYTES);
    SnapshotInfo info = Fixtures.write(snapshots, 10, large);
    byte[] raw = Files.readAllBytes(file(info));
    int frame = SnapshotFormat.FRAME_HEADER_BYTES + SnapshotFormat.CHUNK_BYTES;
    int first = raw.length - SnapshotFormat.TRAILER_BYTES - 3 * frame;
    ByteBuffer swapped = ByteBuffer.wrap(raw.clone());
    swapped.put(first, raw, first + frame, frame).put(first + frame, raw, first, frame);
    Files.write(file(info), swapped.array());
    assertThatThrownBy(() -> snapshots.verify(info)).hasMessageContaining("chunk 0");

    // One chunk left out, the trailer behind it.
    byte[] shorter = Arrays.copyOf(raw, raw.length - frame);
    System.arraycopy(
        raw, first + 2 * frame, shorter, first + frame, shorter.length - first - frame);
    Files.write(file(info), shorter);
    assertThat(snapshots.list().usable()).isEmpty();
    assertThatThrownBy(() -> snapshots.verify(info)).hasMessageContaining("chunk 1");
  }

  @Test
  void chunksOfAnotherSnapshot_areRefused() throws IOException {
    SnapshotInfo info = Fixtures.write(snapshots, 10, state);
    SnapshotInfo other = Fixtures.write(snapshots, 11, state);
    byte[] mixed = Files.readAllBytes(file(other));
    int header = SnapshotFormat.headerBytes(info.header()).remaining();
    System.arraycopy(Files.readAllBytes(file(info)), 0, mixed, 0, header);
    Files.write(file(info), mixed);
    assertThat(snapshots.list().usable()).containsExactly(other);
    assertRefused(info, "mixed");
  }

  @Test
  void filesOfAnotherPartitionOrCluster_andUnderAnotherName_areRefused() throws IOException {
    SnapshotInfo info = Fixtures.write(snapshots, 10, state);
    for (SnapshotHeader header :
        List.of(Fixtures.header("a/cluster", 8, 10), Fixtures.header("b", 7, 10))) {
      ModelFiles elsewhere = new ModelFiles();
      SnapshotStore store =
          LocalSnapshotStore.open(Path.of("/other"), Fixtures.spec(Fixtures.ONE), elsewhere, 0);
      SnapshotOutput out = new SnapshotOutput(store.draft("0"), header, () -> false);
      out.write(state);
      out.finish();
      SnapshotStore.Draft draft = store.draft("1");
      SnapshotOutput again = new SnapshotOutput(draft, header, () -> false);
      again.write(state);
      again.finish();
      Files.write(file(info), Snapshots.read(draft, 0, (int) draft.size()));
      assertThat(snapshots.list().usable()).isEmpty();
      assertThat(snapshots.list().damaged())
          .singleElement()
          .asString()
          .contains("cluster '" + header.clusterId() + "'")
          .contains("partition " + header.partition());
      assertThatThrownBy(() -> snapshots.write(header, SnapshotView.of(new byte[0]), () -> false))
          .isInstanceOf(UnusableSnapshotException.class);
    }
    SnapshotInfo twenty = Fixtures.write(snapshots, 20, state);
    Files.move(
        file(twenty),
        directory(7, 1)
            .resolve(Snapshots.nameOf(Fixtures.header(21).base().position()) + ".snapshot"));
    assertThat(snapshots.list().usable()).isEmpty();
    assertThat(snapshots.list().damaged().toString()).contains("under another name");
  }

  @Test
  void anUnknownVersion_isRefusedNamingBoth() throws IOException {
    SnapshotInfo info = Fixtures.write(snapshots, 10, state);
    byte[] raw = Files.readAllBytes(file(info));
    raw[8] = 9;
    Files.write(file(info), raw);
    assertThat(snapshots.list().damaged())
        .singleElement()
        .asString()
        .contains(info.name(), "format version 9, this release reads version 1");
  }

  @Test
  void whatIsHalfWritten_isNoSnapshot_andIsRemovedAtTheStart() throws IOException {
    assertThatThrownBy(
            () ->
                snapshots.write(
                    Fixtures.header(10),
                    out -> {
                      out.write(new byte[200_000]);
                      throw new IllegalStateException("no more");
                    },
                    () -> false))
        .hasMessage("no more");
    Files.write(directory(7, 1).resolve("0-0.writing_3.draft"), new byte[100]);
    Files.write(directory(7, 1).resolve("notes.txt"), new byte[100]);
    assertThat(snapshots.list().usable()).isEmpty();
    assertThat(snapshots.list().damaged()).isEmpty();
    Fixtures.local(root, Fixtures.ONE);
    try (Stream<Path> files = Files.list(directory(7, 1))) {
      assertThat(files.map(file -> file.getFileName().toString())).containsExactly("notes.txt");
    }
  }

  @Test
  void whatWasWanted_andIsNotAnyMore_ends_andTheViewIsClosed() {
    boolean[] closed = {false};
    SnapshotView view =
        new SnapshotView() {
          @Override
          public void writeTo(OutputStream out) throws IOException {
            for (int i = 0; i < 1_000; i++) {
              out.write(new byte[10_000]);
            }
          }

          @Override
          public void close() {
            closed[0] = true;
          }
        };
    int[] asked = {0};
    assertThatThrownBy(() -> snapshots.write(Fixtures.header(10), view, () -> ++asked[0] > 5))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(closed[0]).isTrue();
    assertThat(asked[0]).isEqualTo(6);
  }

  @Test
  void theNewestAreKept_andNothingAboveTheLimitIsTouched() throws IOException {
    for (long index = 1; index <= 6; index++) {
      Fixtures.write(snapshots, index, state);
    }
    Files.write(
        directory(7, 1)
            .resolve(Snapshots.nameOf(Fixtures.header(2).base().position()) + ".snapshot"),
        new byte[3]);
    assertThat(snapshots.prune(2, 4)).hasSize(2); // of which one is damaged
    assertThat(snapshots.list().usable())
        .extracting(info -> info.position().index())
        .as("those above the limit do not count")
        .containsExactly(6L, 5L, 4L, 3L);
    assertThat(snapshots.list().damaged()).isEmpty();
    snapshots.prune(2, 100);
    assertThat(snapshots.list().usable()).hasSize(2);
  }

  @Test
  void aDraftThatIsOpen_isNobodyElses() throws IOException {
    SnapshotInfo info = Fixtures.write(snapshots, 10, state);
    byte[] raw = Files.readAllBytes(file(info));
    Snapshots later = Fixtures.local(root.resolve("b"), Fixtures.ONE);
    Staging early = Fixtures.stage(later, info);
    Fixtures.fill(early, raw, 100);
    assertThatThrownBy(() -> Fixtures.stage(later, info)).hasMessageContaining("in use");
    early.close();
    try (Staging taken = Fixtures.stage(later, info)) {
      assertThat(taken.offset()).isEqualTo(raw.length);
      assertThatThrownBy(early::complete).isInstanceOf(IOException.class);
      taken.complete();
    }
    assertThat(later.list().usable()).containsExactly(info);
  }

  @Test
  void whatWasReceived_isNoSnapshot_ifAnyByteIsWrong() throws IOException {
    SnapshotInfo info = Fixtures.write(snapshots, 10, state);
    byte[] raw = Files.readAllBytes(file(info));
    Snapshots receiver = Fixtures.local(root.resolve("b"), Fixtures.ONE);
    for (int at = 0; at < raw.length; at += 7) {
      byte[] wrong = raw.clone();
      wrong[at] ^= 0x10;
      Staging staging = Fixtures.stage(receiver, info);
      Fixtures.fill(staging, wrong, 64);
      assertThatThrownBy(staging::complete).isInstanceOf(UnusableSnapshotException.class);
      assertThat(receiver.list().usable()).isEmpty();
    }
    // A good one, but not the one that was announced.
    SnapshotInfo other = Fixtures.write(snapshots, 10, Fixtures.state(5, 300));
    Staging staging = Fixtures.stage(receiver, info);
    Fixtures.fill(staging, Fixtures.raw(snapshots, other), 64);
    assertThatThrownBy(staging::complete).hasMessageContaining("not the one");
    assertThat(receiver.list().usable()).isEmpty();
  }
}
