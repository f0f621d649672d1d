package org.raftactors.cluster;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.raftactors.ApplyContext;
import org.raftactors.Codec;
import org.raftactors.Codecs;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;

/** Texts by key: the command "key=text" sets and returns "index text", the query "key" reads. */
final class Register implements StateMachine<String, String, String> {

  private static final Codec<String> TEXT =
      new Codec<>() {
        @Override
        public byte[] encode(String value) {
          return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes, int offset, int length) {
          return new String(bytes, offset, length, StandardCharsets.UTF_8);
        }
      };

  static final RaftApplication<String, String, String> APPLICATION =
      RaftApplication.of(new Codecs<>(TEXT, TEXT, TEXT), partition -> new Register());

  private final TreeMap<String, String> texts = new TreeMap<>();

  @Override
  public String apply(ApplyContext context, String command) {
    int split = command.indexOf('=');
    texts.put(command.substring(0, split), command.substring(split + 1));
    return context.index() + " " + command.substring(split + 1);
  }

  @Override
  public String query(String query) {
    return texts.getOrDefault(query, "(none)");
  }

  @Override
  public SnapshotView snapshot() {
    Map<String, String> copy = new TreeMap<>(texts);
    return out -> {
      DataOutputStream data = new DataOutputStream(out);
      data.writeInt(copy.size());
      for (Map.Entry<String, String> entry : copy.entrySet()) {
        data.writeUTF(entry.getKey());
        data.writeUTF(entry.getValue());
      }
    };
  }

  @Override
  public void restore(SnapshotReader in) throws IOException {
    DataInputStream data = new DataInputStream(in.state());
    texts.clear();
    for (int left = data.readInt(); left > 0; left--) {
      texts.put(data.readUTF(), data.readUTF());
    }
  }
}
