package org.raftactors.persistence.rocksdb.internal;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.raftactors.persistence.rocksdb.RocksDbStoreException;
import org.raftactors.persistence.rocksdb.RocksDbStoreException.Reason;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Recognizes another program's RocksDB database before it is opened for writing: opening adds our
 * column families to it, and after that its own program could not open it any more.
 */
final class ForeignDatabaseCheck {

  private static final String DEFAULT = "default";

  private ForeignDatabaseCheck() {}

  static void refuseForeign(StoreSettings settings, List<String> ours) {
    if (!Files.exists(settings.directory().resolve("CURRENT"))) {
      return;
    }
    List<String> found = columnFamilies(settings);
    List<String> foreign = new ArrayList<>(found);
    foreign.remove(DEFAULT);
    foreign.removeAll(ours);
    if (!foreign.isEmpty()) {
      throw refusal(settings, "it has the column families " + foreign);
    }
    // A creation that was cut short leaves the default one alone, too, but empty.
    if (found.equals(List.of(DEFAULT)) && !isDefaultEmpty(settings)) {
      throw refusal(settings, "it has data in the default column family");
    }
  }

  private static List<String> columnFamilies(StoreSettings settings) {
    try (Options options = new Options()) {
      return RocksDB.listColumnFamilies(options, settings.directory().toString()).stream()
          .map(name -> new String(name, StandardCharsets.UTF_8))
          .toList();
    } catch (RocksDBException e) {
      throw StoreErrors.opening(settings, e);
    }
  }

  private static boolean isDefaultEmpty(StoreSettings settings) {
    List<byte[]> found = new ArrayList<>();
    try (Options options = new Options();
        RocksDB db = RocksDB.openReadOnly(options, settings.directory().toString())) {
      RangeReader.forward(
          db,
          new RangeReader.Range(db.getDefaultColumnFamily(), new byte[0], MetaTable.END_OF_KEYS),
          0,
          cursor -> {
            found.add(cursor.key());
            return false;
          });
      return found.isEmpty();
    } catch (RocksDBException e) {
      throw StoreErrors.opening(settings, e);
    } catch (DamagedRecordException e) {
      throw StoreErrors.damaged(settings.directory(), "a key", e);
    }
  }

  private static RocksDbStoreException refusal(StoreSettings settings, String sign) {
    return StoreErrors.error(
        Reason.FORMAT,
        settings.directory(),
        "The directory "
            + settings.directory()
            + " holds the RocksDB database of another program: "
            + sign
            + ". Set "
            + settings.configPath()
            + ".directory to a directory of its own.",
        null);
  }
}
