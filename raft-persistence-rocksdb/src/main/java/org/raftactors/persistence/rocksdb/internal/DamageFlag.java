package org.raftactors.persistence.rocksdb.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.raftactors.persistence.rocksdb.StoreVerdict;
import org.raftactors.persistence.rocksdb.StoreVerdict.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that keeps a damaged store closed, also over restarts: RocksDB can open with damaged files
 * and fail again only when it next touches them. An operator who knows better removes it.
 */
final class DamageFlag {

  static final String FILE = "DAMAGED";

  private static final Logger LOG = LoggerFactory.getLogger(DamageFlag.class);

  private DamageFlag() {}

  static void refuseIfRaised(Path directory) {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      return;
    }
    String text;
    try {
      text = Files.readString(file, UTF_8).strip().replace('\n', ' ');
    } catch (IOException e) {
      text = e.toString();
    }
    throw StoreErrors.verdict(
        directory,
        new StoreVerdict(
            Kind.DAMAGED_FILES,
            "it was found damaged before, says the file "
                + file
                + ": "
                + text
                + " Whoever has made sure that nothing is missing may delete this file"));
  }

  /** Raises it durably; a disk that refuses even this is reported, and the process remembers. */
  static void raise(Path directory, String why) {
    Path file = directory.resolve(FILE);
    String text = "%s: %s%n".formatted(Instant.now(), why);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
      MarkFile.syncDirectory(file);
    } catch (IOException e) {
      LOG.error("{} cannot be written: a restart will not know of the damage.", file, e);
    }
  }
}
