package org.raftactors.testkit.actors;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import org.raftactors.RaftPartition;
import org.raftactors.codec.PeerMessage;
import org.raftactors.codec.SnapshotMessage;
import org.raftactors.core.message.AppendRequest;
import org.raftactors.testkit.Fault;

/**
 * Everything between two replicas. Each knows the others by actors of the network only, also the
 * direct references in messages are replaced by such; and what passes becomes bytes on the way.
 */
final class Network {

  /** One process, from a start of a replica to its end. */
  record Sender(long node, long incarnation) {}

  private record Way(Sender sender, long to, ActorRef<RaftPartition.Command> target) {}

  private record Direction(long from, long to) {
    private String label() {
      return "r" + from + " > r" + to;
    }
  }

  private final SimulatedSystem system;
  private final Serialization serialization;
  private final RandomGenerator random;
  private final Conditions conditions;
  private final Trace trace;
  private final Map<Way, ActorRef<RaftPartition.Command>> ways = new HashMap<>();
  private final List<ActorRef<?>> actors = new ArrayList<>();
  private final Set<Sender> silenced = new HashSet<>();
  private final Set<Direction> cuts = new HashSet<>();
  private final Map<Direction, Long> lastArrival = new HashMap<>();
  private final Map<Long, Sender> present = new HashMap<>();
  private boolean healed;

  Network(SimulatedSystem system, RandomGenerator random, Conditions conditions, Trace trace) {
    this.system = system;
    this.serialization = SerializationExtension.get(system.classic());
    this.random = random;
    this.conditions = conditions;
    this.trace = trace;
  }

  /** A process starts. */
  void starts(Sender sender) {
    present.put(sender.node(), sender);
  }

  /** A process is gone at once: what it still does reaches nobody. */
  void silence(Sender sender) {
    silenced.add(sender);
  }

  boolean isSilenced(Sender sender) {
    return silenced.contains(sender);
  }

  void cut(long from, long to) {
    cuts.add(new Direction(from, to));
  }

  void mend(long from, long to) {
    cuts.remove(new Direction(from, to));
  }

  /** From now on everything arrives, in order, once. */
  void heal() {
    healed = true;
    cuts.clear();
  }

  /** What a replica knows another by. */
  ActorRef<RaftPartition.Command> way(
      Sender sender, long to, ActorRef<RaftPartition.Command> target) {
    Way way = new Way(sender, to, target);
    ActorRef<RaftPartition.Command> known = ways.get(way);
    if (known == null) {
      known =
          system.spawn(
              Behaviors.receiveMessage(
                  message -> {
                    send(way, message);
                    return Behaviors.same();
                  }),
              "way-" + sender.node() + "-" + to);
      ways.put(way, known);
      actors.add(known);
    }
    return known;
  }

  /** All that the network has spawned. */
  List<ActorRef<?>> actors() {
    return actors;
  }

  private void send(Way way, RaftPartition.Command message) {
    Direction direction = new Direction(way.sender().node(), way.to());
    if (silenced.contains(way.sender())) {
      return;
    }
    if (cuts.contains(direction)) {
      trace.add(direction.label(), new Carried("cut off: ", message));
    } else if (!healed && Randoms.chance(random, conditions.loss())) {
      trace.add(direction.label(), new Carried("lost: ", message));
    } else {
      boolean twice = !healed && Randoms.chance(random, conditions.duplication());
      carry(way, direction, message);
      if (twice) {
        carry(way, direction, message);
      }
    }
  }

  private void carry(Way way, Direction direction, RaftPartition.Command message) {
    Serializer serializer = serialization.findSerializerFor(message);
    String manifest = Serializers.manifestFor(serializer, message);
    byte[] bytes = serializer.toBinary(message);
    long now = system.loop().now();
    long arrival =
        now + Randoms.skewed(random, conditions.minDelayNanos(), conditions.maxDelayNanos());
    if (healed || !conditions.has(Fault.REORDERED_MESSAGES)) {
      arrival = Math.max(arrival, lastArrival.getOrDefault(direction, 0L) + 1);
      lastArrival.put(direction, arrival);
    }
    system
        .loop()
        .after(
            arrival - now,
            () -> {
              if (cuts.contains(direction)) {
                trace.add(direction.label(), new Carried("cut off: ", message));
              } else {
                Object received =
                    serialization.deserialize(bytes, serializer.identifier(), manifest).get();
                deliver(way, direction, (RaftPartition.Command) received);
              }
            });
  }

  private void deliver(Way way, Direction direction, RaftPartition.Command message) {
    trace.add(direction.label(), new Carried("", message));
    RaftPartition.Command delivered = message;
    Sender receiver = present.get(way.to());
    if (message instanceof PeerMessage peer && peer.direct() != null && receiver != null) {
      delivered =
          new PeerMessage(
              peer.group(),
              peer.from(),
              peer.to(),
              way(receiver, way.sender().node(), peer.direct()),
              null,
              peer.message());
    }
    if (message instanceof SnapshotMessage snapshot && receiver != null) {
      delivered = overTheNetwork(snapshot, receiver, way.sender().node());
    }
    way.target().tell(delivered);
  }

  /** Where answers go must be a way, too. */
  private SnapshotMessage overTheNetwork(SnapshotMessage message, Sender receiver, long from) {
    SnapshotMessage.Body body = message.body();
    if (body instanceof SnapshotMessage.Offer offer) {
      body =
          new SnapshotMessage.Offer(
              offer.file(),
              offer.term(),
              offer.position(),
              offer.sizeBytes(),
              offer.hash(),
              way(receiver, from, offer.sender()));
    } else if (body instanceof SnapshotMessage.Pull pull) {
      body =
          new SnapshotMessage.Pull(
              pull.file(), pull.offset(), pull.bytes(), way(receiver, from, pull.receiver()));
    }
    return new SnapshotMessage(message.group(), message.from(), message.to(), body);
  }

  /** Becomes text only if somebody reads it. */
  private record Carried(String fate, RaftPartition.Command message) {
    @Override
    public String toString() {
      if (message instanceof SnapshotMessage snapshot) {
        return fate + text(snapshot.body());
      }
      if (!(message instanceof PeerMessage peer)) {
        return fate + message.getClass().getSimpleName();
      }
      if (peer.message() instanceof AppendRequest append) {
        return "%sAppendRequest[term=%d, previous=%s, entries=%d, leaderCommit=%d]"
            .formatted(
                fate,
                append.term(),
                append.previous(),
                append.entries().size(),
                append.leaderCommit());
      }
      return fate + peer.message();
    }

    /** Without the references, whose text no two systems share. */
    private static String text(SnapshotMessage.Body body) {
      if (body instanceof SnapshotMessage.Offer offer) {
        return "Offer[position=%s, sizeBytes=%d]".formatted(offer.position(), offer.sizeBytes());
      }
      if (body instanceof SnapshotMessage.Pull pull) {
        return "Pull[offset=%d, bytes=%d]".formatted(pull.offset(), pull.bytes());
      }
      if (body instanceof SnapshotMessage.Chunk chunk) {
        return "Chunk[offset=%d, bytes=%d]".formatted(chunk.offset(), chunk.data().length());
      }
      return body.toString();
    }
  }
}
