package org.raftactors.snapshot;

import java.io.NotSerializableException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.jspecify.annotations.Nullable;
import org.raftactors.RaftPartition;
import org.raftactors.codec.DecodeException;
import org.raftactors.codec.SnapshotMessage;

/**
 * What lies between two replicas: everything passes through it as bytes, in both directions, and
 * some of it is lost, doubled, flipped or overtaken, as a seed says. Each reference in a message is
 * replaced by one of an actor that belongs to the link.
 */
final class Link {

  private final ActorTestKit kit;
  private final Random random;
  private final int percent;
  private volatile UnaryOperator<SnapshotMessage.Body> change = UnaryOperator.identity();
  private final Map<ActorRef<RaftPartition.Command>, ActorRef<RaftPartition.Command>> ways =
      new ConcurrentHashMap<>();
  private volatile boolean cut;
  private volatile int chunksLeft = Integer.MAX_VALUE;

  /** All bodies that arrived, on either side. */
  final CopyOnWriteArrayList<SnapshotMessage.Body> arrived = new CopyOnWriteArrayList<>();

  Link(ActorTestKit kit, long seed, int percent) {
    this.kit = kit;
    this.random = new Random(seed);
    this.percent = percent;
  }

  /** Changes what passes, before it becomes bytes. */
  void changing(UnaryOperator<SnapshotMessage.Body> newChange) {
    change = newChange;
  }

  /** Nothing passes any more, or everything again. */
  void cut(boolean newCut) {
    cut = newCut;
  }

  /** So many chunks pass, and then nothing any more. */
  Link cutAfterChunks(int number) {
    chunksLeft = number;
    return this;
  }

  boolean isCut() {
    return cut;
  }

  /** A reference by which messages reach the target through this link. */
  ActorRef<RaftPartition.Command> to(ActorRef<RaftPartition.Command> target) {
    // One for each target: what passes through two of them would overtake.
    return ways.computeIfAbsent(target, any -> kit.spawn(pass(target)));
  }

  private Behavior<RaftPartition.Command> pass(ActorRef<RaftPartition.Command> target) {
    return Behaviors.setup(
        context -> {
          SnapshotMessage[] late = new SnapshotMessage[1];
          return Behaviors.receive(RaftPartition.Command.class)
              .onMessage(
                  SnapshotMessage.class,
                  message -> {
                    if (!cut) {
                      passOn(message, target, late);
                    }
                    return Behaviors.same();
                  })
              .build();
        });
  }

  private boolean chance() {
    synchronized (random) {
      return random.nextInt(100) < percent;
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // chunks pass through one actor
  private void passOn(
      SnapshotMessage message,
      ActorRef<RaftPartition.Command> target,
      @Nullable SnapshotMessage[] late) {
    if (message.body() instanceof SnapshotMessage.Chunk && --chunksLeft == 0) {
      chunksLeft = Integer.MAX_VALUE;
      cut = true;
    }
    SnapshotMessage.Body body = withOwnRefs(change.apply(message.body()));
    SnapshotMessage passed =
        throughBytes(new SnapshotMessage(message.group(), message.from(), message.to(), body));
    if (passed == null || chance()) {
      return; // lost
    }
    if (late[0] == null && chance()) {
      late[0] = passed; // behind the next one
      return;
    }
    deliver(passed, target);
    if (chance()) {
      deliver(passed, target);
    }
    SnapshotMessage overtaken = late[0];
    if (overtaken != null) {
      late[0] = null;
      deliver(overtaken, target);
    }
  }

  private void deliver(SnapshotMessage message, ActorRef<RaftPartition.Command> target) {
    arrived.add(message.body());
    target.tell(message);
  }

  private SnapshotMessage.Body withOwnRefs(SnapshotMessage.Body body) {
    if (body instanceof SnapshotMessage.Offer offer) {
      return new SnapshotMessage.Offer(
          offer.file(),
          offer.term(),
          offer.position(),
          offer.sizeBytes(),
          offer.hash(),
          to(offer.sender()));
    } else if (body instanceof SnapshotMessage.Pull pull) {
      return new SnapshotMessage.Pull(
          pull.file(), pull.offset(), pull.bytes(), to(pull.receiver()));
    }
    return body;
  }

  /** Null if the bytes were flipped and so refused, as the transport would. */
  private @Nullable SnapshotMessage throughBytes(SnapshotMessage message) {
    Serialization serialization = SerializationExtension.get(Adapter.toClassic(kit.system()));
    SerializerWithStringManifest serializer =
        (SerializerWithStringManifest) serialization.findSerializerFor(message);
    byte[] bytes = serializer.toBinary(message);
    if (chance()) {
      synchronized (random) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
    }
    try {
      return (SnapshotMessage) serializer.fromBinary(bytes, serializer.manifest(message));
    } catch (DecodeException e) {
      return null;
    } catch (NotSerializableException e) {
      throw new IllegalStateException(e);
    }
  }
}
