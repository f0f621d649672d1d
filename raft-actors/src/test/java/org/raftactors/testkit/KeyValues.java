package org.raftactors.testkit;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.raftactors.ApplyContext;
import org.raftactors.Codecs;
import org.raftactors.PlainCodecs;
import org.raftactors.SnapshotReader;
import org.raftactors.SnapshotView;
import org.raftactors.StateMachine;
import org.raftactors.testkit.linearizability.SequentialModel;

/** Values by key: "key=value" sets and returns what was there before, "key" reads. */
class KeyValues implements StateMachine<String, String, String> {

  static final Codecs<String, String, String> CODECS =
      new Codecs<>(PlainCodecs.TEXT, PlainCodecs.TEXT, PlainCodecs.TEXT);

  static final String NOTHING = "-";

  final Map<String, String> values = new HashMap<>();

  @Override
  public String apply(ApplyContext context, String command) {
    int equals = command.indexOf('=');
    String before = values.put(command.substring(0, equals), command.substring(equals + 1));
    return before == null ? NOTHING : before;
  }

  @Override
  public String query(String key) {
    return values.getOrDefault(key, NOTHING);
  }

  @Override
  public SnapshotView snapshot() {
    Map<String, String> copy = new TreeMap<>(values);
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
    values.clear();
    for (int left = data.readInt(); left > 0; left--) {
      values.put(data.readUTF(), data.readUTF());
    }
  }

  /** Few keys, unique values. */
  static Operation<String, String> load(RandomGenerator random, int number) {
    String key = "k" + random.nextInt(3);
    return random.nextBoolean() ? Operation.command(key + "=v" + number) : Operation.query(key);
  }

  /** What {@link KeyValues} should do, written a second time. */
  static final class Model implements SequentialModel<String, Operation<String, String>, String> {

    @Override
    public Object partition(Operation<String, String> input) {
      return key(input);
    }

    private static String key(Operation<String, String> input) {
      return input instanceof Operation.Command<String, String> set
          ? set.command().substring(0, set.command().indexOf('='))
          : ((Operation.Query<String, String>) input).query();
    }

    @Override
    public String initial() {
      return NOTHING;
    }

    @Override
    public @Nullable String step(
        String state, Operation<String, String> input, @Nullable String output) {
      if (output != null && !output.equals(state)) {
        return null;
      }
      return input instanceof Operation.Command<String, String> set
          ? set.command().substring(set.command().indexOf('=') + 1)
          : state;
    }

    @Override
    public boolean onlyObserves(Operation<String, String> input, @Nullable String output) {
      return input instanceof Operation.Query;
    }
  }
}
