package org.raftactors.snapshot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A file system in memory that knows what is durable. It can crash before any of its operations;
 * what then is left of what was not synced is chosen by a seed: names up to some operation,
 * contents whole, cut off, or as zeros of the right length.
 */
final class ModelFiles implements FileOperations {

  /** Everything fails from the crash on. */
  static final class Crashed extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Node {
    private byte[] content = new byte[0];
    private byte[] synced = new byte[0];
    private boolean open;
  }

  /** A change of names that is not durable yet: what is gone, what is there instead. */
  private record Renaming(@Nullable Path gone, @Nullable Path come, @Nullable Node node) {}

  private final Map<Path, Node> names = new TreeMap<>();
  private final Map<Path, Node> durableNames = new TreeMap<>();
  private final List<Renaming> pending = new ArrayList<>();
  private int operations;
  private int crashAt = Integer.MAX_VALUE;
  private long room = Long.MAX_VALUE;

  /** Crashes before the operation after so many more. */
  void crashAfter(int more) {
    crashAt = operations + more;
  }

  /** No more than so many bytes fit in any more. */
  void fullAfter(long bytes) {
    room = bytes;
  }

  int operations() {
    return operations;
  }

  boolean crashed() {
    return operations > crashAt;
  }

  private void step() throws IOException {
    operations++;
    if (crashed()) {
      throw new Crashed();
    }
  }

  /** What the machine finds when it is up again. */
  ModelFiles afterCrash(long seed) {
    Random random = new Random(seed);
    Map<Path, Node> left = new TreeMap<>(durableNames);
    int applied = random.nextInt(pending.size() + 1);
    for (Renaming renaming : pending.subList(0, applied)) {
      apply(renaming, left);
    }
    ModelFiles after = new ModelFiles();
    left.forEach(
        (path, node) -> {
          Node copy = new Node();
          copy.content = remains(node, random);
          copy.synced = copy.content;
          after.names.put(path, copy);
          after.durableNames.put(path, copy);
        });
    return after;
  }

  private static byte[] remains(Node node, Random random) {
    if (Arrays.equals(node.content, node.synced)) {
      return node.content;
    }
    return switch (random.nextInt(4)) {
      case 0 -> node.synced;
      case 1 -> node.content;
      case 2 -> {
        int more = Math.max(0, node.content.length - node.synced.length);
        yield Arrays.copyOf(node.content, node.synced.length + random.nextInt(more + 1));
      }
      default -> Arrays.copyOf(node.synced, node.content.length); // zeros behind
    };
  }

  private static void apply(Renaming renaming, Map<Path, Node> to) {
    if (renaming.gone() != null) {
      to.remove(renaming.gone());
    }
    if (renaming.come() != null && renaming.node() != null) {
      to.put(renaming.come(), renaming.node());
    }
  }

  private void change(Renaming renaming) {
    apply(renaming, names);
    pending.add(renaming);
  }

  /** Changes a file behind everybody's back. */
  void damage(Path file, UnaryOperator<byte[]> damage) {
    Node node = names.get(file);
    if (node != null) {
      node.content = damage.apply(node.content.clone());
      node.synced = node.content;
    }
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    step();
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    step();
    return names.keySet().stream()
        .filter(path -> directory.equals(path.getParent()))
        .map(path -> String.valueOf(path.getFileName()))
        .toList();
  }

  @Override
  public Handle openOrCreate(Path file) throws IOException {
    step();
    Node node = names.get(file);
    if (node == null) {
      node = new Node();
      change(new Renaming(null, file, node));
    } else if (node.open) {
      throw new IOException(file + " is in use");
    }
    node.open = true;
    return new Open(node, true);
  }

  @Override
  public Handle open(Path file) throws IOException {
    step();
    Node node = names.get(file);
    if (node == null) {
      throw new NoSuchFileException(file.toString());
    }
    return new Open(node, false);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step();
    Node node = names.get(from);
    if (node == null) {
      throw new NoSuchFileException(from.toString());
    }
    change(new Renaming(from, to, node));
  }

  @Override
  public void delete(Path file) throws IOException {
    step();
    change(new Renaming(file, null, null));
  }

  @Override
  public long usableBytes(Path directory) throws IOException {
    step();
    return room;
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    step();
    for (Renaming renaming : pending) {
      apply(renaming, durableNames);
    }
    pending.clear();
  }

  private final class Open implements Handle {
    private final Node node;
    private final boolean exclusive;

    private Open(Node node, boolean exclusive) {
      this.node = node;
      this.exclusive = exclusive;
    }

    @Override
    public long size() {
      return node.content.length;
    }

    @Override
    public int read(long position, ByteBuffer into) throws IOException {
      step();
      int length = (int) Math.min(into.remaining(), node.content.length - position);
      if (length <= 0) {
        return -1;
      }
      into.put(node.content, (int) position, length);
      return length;
    }

    @Override
    public void write(long position, ByteBuffer bytes) throws IOException {
      step();
      int length = bytes.remaining();
      if (length > room) {
        throw new IOException("No space left on device");
      }
      room -= length;
      int end = (int) position + length;
      node.content = Arrays.copyOf(node.content, Math.max(node.content.length, end));
      bytes.get(node.content, (int) position, length);
    }

    @Override
    public void truncate(long size) throws IOException {
      step();
      node.content = Arrays.copyOf(node.content, (int) size);
    }

    @Override
    public void sync() throws IOException {
      step();
      node.synced = node.content.clone();
    }

    @Override
    public void close() {
      if (exclusive) {
        node.open = false;
      }
    }
  }
}
