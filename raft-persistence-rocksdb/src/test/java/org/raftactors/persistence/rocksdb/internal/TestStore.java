package org.raftactors.persistence.rocksdb.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.PersistentRepr$;
import org.apache.pekko.persistence.journal.Tagged;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.raftactors.persistence.rocksdb.RocksDbStores;
import org.raftactors.persistence.rocksdb.RocksDbWriteHints;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;
import org.raftactors.persistence.rocksdb.TestSystems;
import org.rocksdb.FlushOptions;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/** A store as the journal plugin uses it, without actors in between. */
final class TestStore implements AutoCloseable {

  /** Leaves the high-water mark where it was when the store was opened. */
  static final String NO_MARKS = "raft-actors.persistence.rocksdb.store.mark-interval = 1 hour";

  final ActorSystem system;
  final StoreEngine engine;
  final JournalStore journal;

  TestStore(Path directory, String... config) {
    this.system = TestSystems.start(directory, config);
    this.engine = StoreRegistry.get(system).engine(RocksDbStores.DEFAULT_STORE_PATH);
    this.journal = new JournalStore(system, RocksDbStores.DEFAULT_STORE_PATH);
  }

  /** Writes events with successive sequence numbers as one atomic write. */
  CompletableFuture<Iterable<Optional<Exception>>> write(
      String persistenceId, String writer, long first, Object... events) {
    List<PersistentRepr> reprs = new ArrayList<>();
    for (Object event : events) {
      reprs.add(
          PersistentRepr$.MODULE$.apply(
              event, first + reprs.size(), persistenceId, "", false, ActorRef.noSender(), writer));
    }
    return FutureConverters.asJava(
            journal.write(List.of(AtomicWrite.apply(CollectionConverters.asScala(reprs).toSeq()))))
        .toCompletableFuture();
  }

  /** Writes and waits until it is acknowledged. */
  void written(String persistenceId, String writer, long first, Object... events) {
    TestSystems.await(write(persistenceId, writer, first, events));
  }

  long highest(String persistenceId) {
    return TestSystems.await(
        FutureConverters.asJava(journal.highestSequenceNr(persistenceId)).toCompletableFuture());
  }

  List<Object> replay(String persistenceId) {
    ConcurrentLinkedQueue<Object> events = new ConcurrentLinkedQueue<>();
    replay(persistenceId, event -> events.add(event.payload()));
    return List.copyOf(events);
  }

  void replay(String persistenceId, Consumer<PersistentRepr> callback) {
    TestSystems.await(
        FutureConverters.asJava(
            journal.replay(persistenceId, 0, Long.MAX_VALUE, Long.MAX_VALUE, callback)));
  }

  /** Reaches behind the store's back. */
  void change(Database.Reader<Boolean> change) {
    engine.awaitOpen();
    engine.read("a test", change);
  }

  /** Moves what is in write buffers to data files. */
  void flush() {
    change(
        db -> {
          try (FlushOptions options = new FlushOptions()) {
            db.rocks().flush(options, new ArrayList<>(db.all()));
          }
          return true;
        });
  }

  /** Does something and closes the store. */
  void closeAfter(Consumer<TestStore> action) {
    try (this) {
      action.accept(this);
    }
  }

  @Override
  public void close() {
    TestSystems.stop(system);
  }

  /** A copy of the files as they are, like after a crash of the process. */
  static Path crashImage(Path directory, Path target) {
    try (Stream<Path> files = Files.list(directory)) {
      Files.createDirectories(target);
      for (Path file : files.filter(file -> !file.endsWith("LOCK")).toList()) {
        copy(file, target.resolve(file.getFileName()));
      }
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path file, Path target) throws IOException {
    try {
      Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      if (!file.toString()
          .endsWith(GradualDeletion.SUFFIX)) { // which RocksDB deletes at any moment
        throw e;
      }
    }
  }

  static Path largest(Path directory, String suffix) {
    return files(directory, file -> file.toString().endsWith(suffix)).stream()
        .max(Comparator.comparing(file -> file.toFile().length()))
        .orElseThrow();
  }

  static long size(Path directory) {
    return files(directory, file -> true).stream().mapToLong(file -> file.toFile().length()).sum();
  }

  /** Changes one bit behind the first occurrence of a text. */
  static void flipBitBehind(Path file, String text) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      int at = new String(bytes, ISO_8859_1).indexOf(text);
      bytes[at + text.getBytes(UTF_8).length] ^= 1;
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An event whose write asks for the mark. */
  static Object marked(Object event) {
    return new Tagged(event, Set.of(RocksDbWriteHints.MARKED));
  }

  /** An event whose write may use the reserve of the disk. */
  static Object reserved(Object event) {
    return new Tagged(event, Set.of(RocksDbWriteHints.RESERVED));
  }

  /** Cuts bytes off the end of the largest log. */
  static void cutLog(Path directory, int bytes) throws IOException {
    try (SeekableByteChannel channel =
        Files.newByteChannel(largest(directory, ".log"), StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() - bytes);
    }
  }

  /** Puts the CRC32C of some bytes behind them. */
  static void putChecksum(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    ByteBuffer.wrap(bytes).putInt(from + length, (int) crc.getValue());
  }

  /** That a directory is refused, as a whole, for a reason that is told in a typed way. */
  static void assertRefused(Path directory, Kind verdict, String... config) {
    try (TestStore store = new TestStore(directory, config)) {
      assertThatThrownBy(store.engine::awaitOpen)
          .isInstanceOfSatisfying(
              RocksDbStoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CORRUPTED))
          .hasMessageContaining(directory.toString());
      assertThat(store.engine.verdict().kind()).isEqualTo(verdict);
      assertThat(store.engine.verdict().damaged()).isTrue();
    }
  }

  private static List<Path> files(Path directory, Predicate<Path> predicate) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(predicate).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
