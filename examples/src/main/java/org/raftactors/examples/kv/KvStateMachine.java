package org.raftactors.examples.kv;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.pekko.util.ByteString;
import org.raftactors.ApplyContext;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

/**
 * One partition's keys and values, in memory. Nothing here is durable: after a restart the newest
 * snapshot is restored and the log after it applied again.
 *
 * <p>Deterministic: sorted keys, no clock, no randomness; a compare-and-set is decided here, when
 * it is applied, and so every replica decides it alike.
 */
final class KvStateMachine implements StateMachine<KvCommand, KvQuery, KvResult> {

  private record Stored(ByteString value, long index, long version) {}

  private static final int SNAPSHOT_VERSION = 1;

  private final FrozenMap<String, Stored> store = new FrozenMap<>();
  private final CRC32C crc = new CRC32C();
  private long lastIndex;
  private long commands;
  private long history;

  @Override
  public KvResult apply(ApplyContext context, KvCommand command) {
    lastIndex = context.index();
    commands++;
    if (command instanceof KvCommand.Put put) {
      remember('P', put.key(), put.value());
      return new KvResult.Written(write(put.key(), put.value()));
    }
    if (command instanceof KvCommand.Delete delete) {
      remember('D', delete.key(), ByteString.emptyByteString());
      return new KvResult.Deleted(store.remove(delete.key()) != null);
    }
    return compareAndSet((KvCommand.CompareAndSet) command);
  }

  private KvResult compareAndSet(KvCommand.CompareAndSet command) {
    ByteString update = ByteString.fromString(command.update(), StandardCharsets.UTF_8);
    Stored stored = store.get(command.key());
    if (stored == null) {
      boolean swapped = command.expect() == null;
      if (swapped) {
        write(command.key(), update);
      }
      remember(swapped ? 'C' : 'c', command.key(), update);
      return new KvResult.Compared(swapped, null);
    }
    String actual = Utf8.decode(stored.value());
    if (actual == null) {
      remember('c', command.key(), update);
      return new KvResult.NotText();
    }
    boolean swapped = actual.equals(command.expect());
    if (swapped) {
      write(command.key(), update);
    }
    remember(swapped ? 'C' : 'c', command.key(), update);
    return new KvResult.Compared(swapped, actual);
  }

  private long write(String key, ByteString value) {
    Stored before = store.get(key);
    long version = before == null ? 1 : before.version() + 1;
    store.put(key, new Stored(value, lastIndex, version));
    return version;
  }

  @Override
  public KvResult query(KvQuery query) {
    if (query instanceof KvQuery.Get get) {
      Stored stored = store.get(get.key());
      return stored == null
          ? new KvResult.Absent()
          : new KvResult.Found(stored.value(), stored.index(), stored.version());
    }
    return digest();
  }

  private KvResult.Digest digest() {
    long[] content = {0};
    store.forEach(
        (key, stored) -> {
          long sum = content[0] * 31 + hash('V', key, stored.value());
          sum = sum * 31 + stored.index();
          content[0] = sum * 31 + stored.version();
        });
    return new KvResult.Digest(lastIndex, commands, store.size(), history, content[0]);
  }

  @Override
  public SnapshotView snapshot() {
    // #snapshot
    FrozenMap<String, Stored>.Frozen frozen = store.freeze();
    long[] counters = {lastIndex, commands, history, frozen.size()};
    return new SnapshotView() {
      @Override
      public void writeTo(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(SNAPSHOT_VERSION);
        for (long counter : counters) {
          data.writeLong(counter);
        }
        for (Map.Entry<String, Stored> entry : frozen.entries()) {
          write(data, entry.getKey().getBytes(StandardCharsets.UTF_8));
          write(data, entry.getValue().value().toArrayUnsafe());
          data.writeLong(entry.getValue().index());
          data.writeLong(entry.getValue().version());
        }
      }

      @Override
      public void close() {
        frozen.close();
      }
    };
    // #snapshot
  }

  private static void write(DataOutputStream data, byte[] bytes) throws IOException {
    data.writeInt(bytes.length);
    data.write(bytes);
  }

  @Override
  public void restore(SnapshotReader in) throws IOException {
    DataInputStream data = new DataInputStream(in.state());
    int version = data.readInt();
    if (version != SNAPSHOT_VERSION) {
      throw new IllegalArgumentException(
          "the snapshot has version " + version + ", this release reads " + SNAPSHOT_VERSION);
    }
    lastIndex = data.readLong();
    commands = data.readLong();
    history = data.readLong();
    for (long left = data.readLong(); left > 0; left--) {
      String key = new String(readBytes(data), StandardCharsets.UTF_8);
      ByteString value = ByteString.fromArrayUnsafe(readBytes(data));
      store.put(key, new Stored(value, data.readLong(), data.readLong()));
    }
  }

  private static byte[] readBytes(DataInputStream data) throws IOException {
    byte[] bytes = new byte[data.readInt()];
    data.readFully(bytes);
    return bytes;
  }

  private void remember(char kind, String key, ByteString value) {
    history = (history * 31 + hash(kind, key, value)) * 31 + lastIndex;
  }

  private long hash(char kind, String key, ByteString value) {
    byte[] text = key.getBytes(StandardCharsets.UTF_8);
    crc.reset();
    crc.update(kind);
    crc.update(text);
    // The length keeps the key and the value apart.
    crc.update(text.length);
    crc.update(value.toArrayUnsafe());
    return crc.getValue();
  }
}
