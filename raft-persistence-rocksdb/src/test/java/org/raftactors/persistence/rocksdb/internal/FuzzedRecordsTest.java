package org.raftactors.persistence.rocksdb.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.rocksdb.RocksDBException;

/**
 * Everything that the store decodes against damaged bytes, with checksums that fit in every other
 * case: refused by name or read without harm, at a bounded cost. {@code -Dfuzz.seed=N
 * -Dfuzz.cases=N} for other cases and more.
 */
class FuzzedRecordsTest {

  private static final long SEED = Long.getLong("fuzz.seed", 20261121);
  private static final int CASES = Integer.getInteger("fuzz.cases", 20_000);

  /** Each of these opens files. */
  private static final int CASES_PER_FILE_CASE = 40;

  private static final byte[] KEY = StoreKeys.of(7, 42);
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir Path temporary;

  private interface Decoder {
    void decode(byte[] bytes) throws DamagedRecordException;
  }

  @Test
  void records_damaged_areRefusedOrReadWithoutHarm() {
    Payload payload = new Payload(17, "händler", "payload".repeat(9).getBytes(UTF_8));
    Payload metadata = new Payload(-3, "", "meta".getBytes(UTF_8));
    List<byte[]> samples =
        List.of(
            RecordCodec.encode(new StoredRecord(123456789L, "writer", "ad", payload, metadata)),
            RecordCodec.encode(new StoredRecord(-1, "", "", new Payload(0, "", new byte[0]), null)),
            RecordCodec.encode(StoredRecord.hole(99, "w")));
    int refused =
        fuzz(
            samples,
            FuzzedRecordsTest::seal,
            bytes -> {
              comesBack(RecordCodec.decode(bytes, KEY));
            });
    assertThat(refused).isBetween(CASES / 4, CASES - 1);
  }

  private static void comesBack(StoredRecord decoded) throws DamagedRecordException {
    byte[] again = RecordCodec.encode(decoded);
    RecordCodec.seal(again, KEY, 1);
    assertThat(RecordCodec.decode(again, KEY)).usingRecursiveComparison().isEqualTo(decoded);
  }

  private static void seal(byte[] record) {
    if (record.length >= 10) {
      CRC32C crc = new CRC32C();
      crc.update(record, 0, 2);
      crc.update(record, 10, record.length - 10);
      ByteBuffer.wrap(record).putInt(2, (int) crc.getValue());
      RecordCodec.seal(record, KEY, 1);
    }
  }

  @Test
  void idEntries_damaged_areRefusedOrReadWithoutHarm() {
    byte[] key = StoreKeys.persistenceId("a|b|3");
    List<byte[]> samples =
        List.of(
            new IdEntry(1, true, 5, 9, -7).encode(key),
            new IdEntry(Long.MAX_VALUE, false, 0, 0, 0).encode(key));
    int refused =
        fuzz(
            samples,
            bytes -> sealEntry(key, bytes),
            bytes -> {
              IdEntry entry = IdEntry.decode(key, bytes);
              assertThat(IdEntry.decode(key, entry.encode(key))).isEqualTo(entry);
            });
    assertThat(refused).isBetween(CASES / 4, CASES - 1);
  }

  private static void sealEntry(byte[] key, byte[] value) {
    int checked = value.length - Integer.BYTES;
    if (checked > 0) {
      CRC32C crc = new CRC32C();
      crc.update(key, 0, key.length);
      crc.update(value, 0, checked);
      ByteBuffer.wrap(value).putInt(checked, (int) crc.getValue());
    }
  }

  /** Both slots damaged, each with a checksum that fits in every other case. */
  @Test
  void highWaterMarks_damaged_areRefusedOrReadWithoutHarm() throws Exception {
    StoreIdentity store = new StoreIdentity(new UUID(1, 2), false);
    HistoryEntry before = new HistoryEntry(new StorePosition(10, 6), 0, StorePosition.START);
    HistoryEntry history = new HistoryEntry(new StorePosition(11, 7), 1, new StorePosition(10, 6));
    HighWaterMark.open(temporary, temporary, store, before).close();
    HighWaterMark.open(temporary, temporary, store, history).close();
    Path file = temporary.resolve(HighWaterMark.FILE);
    Damage damage = new Damage(SEED, List.of(Files.readAllBytes(file)));
    int refused = 0;
    for (int i = 0; i < CASES / CASES_PER_FILE_CASE; i++) {
      byte[] bytes = damage.nextAt(slotOffset(i));
      Files.write(file, i % 2 == 0 ? bytes : withMarkChecksums(bytes));
      try {
        HighWaterMark.open(temporary, temporary, store, history).close();
      } catch (RocksDbStoreException e) {
        assertThat(e.getMessage()).as("case %d", i).isNotBlank();
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  private static int slotOffset(int round) {
    return round / 2 % 2 * 4096;
  }

  private static byte[] withMarkChecksums(byte[] file) {
    for (int slot = 0; slot + MarkFile.SLOT_LENGTH <= file.length; slot += 4096) {
      CRC32C crc = new CRC32C();
      crc.update(file, slot, MarkFile.SLOT_LENGTH - 4);
      ByteBuffer.wrap(file).putInt(slot + MarkFile.SLOT_LENGTH - 4, (int) crc.getValue());
    }
    return file;
  }

  /** The values that say who the store is, behind the store's back. */
  @Test
  void metaTable_damaged_isRefusedOrReadWithoutHarm() {
    List<byte[]> keys =
        List.of(
            StoreKeys.FORMAT_VERSION,
            StoreKeys.STORE_ID,
            StoreKeys.NEXT_ID,
            StoreKeys.HISTORY,
            StoreKeys.damage("p"),
            pid());
    try (TestStore store = new TestStore(temporary.resolve("store"), TestStore.NO_MARKS)) {
      store.written("p", "w", 1, "a");
      Damage damage =
          new Damage(SEED, List.of(new byte[4], new byte[8], new byte[16], new byte[45]));
      store.change(
          db -> {
            for (int i = 0; i < CASES / CASES_PER_FILE_CASE; i++) {
              byte[] key = keys.get(i % keys.size());
              byte[] before = db.rocks().get(db.meta(), key);
              db.rocks().put(db.meta(), key, damage.next());
              readMeta(db);
              if (before != null) {
                db.rocks().put(db.meta(), key, before);
              } else {
                db.rocks().delete(db.meta(), key);
              }
            }
            return true;
          });
    }
  }

  private static byte[] pid() {
    return StoreKeys.persistenceId("p");
  }

  private static void readMeta(Database db) throws RocksDBException {
    try {
      MetaTable.identify(db);
      MetaTable.nextId(db);
      MetaTable.entry(db, "p");
      MetaTable.history(db);
      new KnownDamage().load(db);
    } catch (DamagedRecordException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private interface Repair {
    void repair(byte[] bytes);
  }

  /** Gives how many of the cases were refused. */
  private static int fuzz(List<byte[]> samples, Repair repair, Decoder decoder) {
    Damage damage = new Damage(SEED, samples);
    int refused = 0;
    for (int i = 0; i < CASES; i++) {
      byte[] bytes = damage.next();
      if (i % 2 == 1) {
        repair.repair(bytes);
      }
      long before = THREADS.getCurrentThreadAllocatedBytes();
      @Nullable Throwable thrown = thrownBy(decoder, bytes);
      long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
      String which = "case " + i + " of seed " + SEED + ": " + HexFormat.of().formatHex(bytes);
      if (thrown != null) {
        assertThat(thrown).as(which).isInstanceOf(DamagedRecordException.class);
        refused++;
      }
      // An exception and the comparison take some; a length that was believed would take more.
      assertThat(allocated).as(which).isLessThan(8L << 20);
    }
    return refused;
  }

  private static @Nullable Throwable thrownBy(Decoder decoder, byte[] bytes) {
    try {
      decoder.decode(bytes);
      return null;
    } catch (Exception | OutOfMemoryError e) {
      return e;
    }
  }

  /** Flips, cuts, extends, splices, and writes extreme lengths. */
  private static final class Damage {
    private static final int[] EXTREMES = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0xffff};

    private final SplittableRandom random;
    private final List<byte[]> samples;

    Damage(long seed, List<byte[]> samples) {
      this.random = new SplittableRandom(seed);
      this.samples = new ArrayList<>(samples);
    }

    byte[] next() {
      byte[] bytes = sample().clone();
      for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
        bytes = change(bytes, random.nextInt(bytes.length));
      }
      return bytes;
    }

    /** Damages near a place, and there only. */
    byte[] nextAt(int offset) {
      byte[] bytes = sample().clone();
      return change(
          bytes, Math.min(bytes.length - 1, offset + random.nextInt(MarkFile.SLOT_LENGTH)));
    }

    private byte[] sample() {
      return samples.get(random.nextInt(samples.size()));
    }

    private byte[] change(byte[] bytes, int at) {
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> {
          int extreme = EXTREMES[random.nextInt(EXTREMES.length)];
          byte[] field = ByteBuffer.allocate(Integer.BYTES).putInt(extreme).array();
          System.arraycopy(field, 0, bytes, at, Math.min(field.length, bytes.length - at));
        }
        case 3 -> {
          return Arrays.copyOf(bytes, at);
        }
        case 4 -> {
          return Arrays.copyOf(bytes, bytes.length + random.nextInt(40));
        }
        default -> {
          byte[] other = sample();
          int from = random.nextInt(other.length);
          byte[] joined = Arrays.copyOf(bytes, at + other.length - from);
          System.arraycopy(other, from, joined, at, other.length - from);
          return joined;
        }
      }
      return bytes;
    }
  }
}
