package org.raftactors.testkit.simulation.plan;

import java.util.ArrayList;
import java.util.List;
import org.raftactors.core.CoreSettings;
import org.raftactors.core.membership.Configuration;
import org.raftactors.core.membership.ReplicaId;

/**
 * The shape of one schedule. Durations are virtual nanoseconds, chances are in thousandths.
 *
 * @param voters from 1
 * @param learners from 0
 * @param settings of all cores
 * @param length how long faults and operations go on
 * @param network what the links do
 * @param disk what the disks do
 * @param host what the processes and their clocks do
 * @param load what the clients do
 * @param snapshots when they are taken, and what becomes of them
 */
public record Parameters(
    int voters,
    int learners,
    CoreSettings settings,
    long length,
    Network network,
    Disk disk,
    Host host,
    Load load,
    Snapshots snapshots) {

  /**
   * What the links do.
   *
   * @param delayMin the least that a message takes
   * @param delaySpan what it may take more; half of the messages up to twice that, and so on
   * @param tail how often that may double
   * @param drop chance that a message is lost
   * @param duplicate chance that it comes twice
   * @param duplicateSpan how much later the second may come
   * @param ordered whether a link keeps the order
   * @param straggle chance that a message comes as late as a second one may
   * @param answersStraggle whether that happens to answers only
   * @param faultyLinks chance that a link loses, duplicates and delays like that at all
   */
  public record Network(
      long delayMin,
      long delaySpan,
      int tail,
      int drop,
      int duplicate,
      long duplicateSpan,
      boolean ordered,
      int straggle,
      boolean answersStraggle,
      int faultyLinks) {}

  /**
   * What the disks do.
   *
   * @param delayMin the least that a write takes
   * @param delaySpan what it may take more
   * @param tail how often that may double
   * @param landed chance that the write in flight is found after a crash
   * @param fetchSpan how long reading entries back may take
   * @param fetchFailure chance that it fails
   * @param fetchOverwritten chance that it finds what was overwritten since, where there is such
   * @param snapshotEvery bytes after which the state of the log is saved, so that a restart finds
   *     the entries before on disk only; 0 for after every event
   */
  public record Disk(
      long delayMin,
      long delaySpan,
      int tail,
      int landed,
      long fetchSpan,
      int fetchFailure,
      int fetchOverwritten,
      long snapshotEvery) {}

  /**
   * What the processes do.
   *
   * @param mailboxSpan how long a message to oneself may wait in the mailbox
   * @param timerSpan how late a timer may be
   * @param applySpan how long the state machine may take for a batch
   * @param skew millionths by which a clock may be too fast or too slow
   * @param restartSpan how long a start may take
   * @param keepEvery entries after which the state machine makes its own state durable, 0 for never
   */
  public record Host(
      long mailboxSpan,
      long timerSpan,
      long applySpan,
      int skew,
      long restartSpan,
      int keepEvery) {}

  /**
   * What the clients do.
   *
   * @param clients how many there are
   * @param keys how many registers there are
   * @param interval between two operations of a client, at least
   * @param deadline after which a client gives an operation up
   * @param padding the most bytes that a command has more than it needs
   * @param lost chance that a request or an answer is lost
   * @param retries whether what was rejected is tried again
   */
  public record Load(
      int clients,
      int keys,
      long interval,
      long deadline,
      int padding,
      int lost,
      boolean retries) {}

  /**
   * When snapshots are taken, and what becomes of them.
   *
   * @param every applied entries after which one is taken, 0 for never
   * @param kept how many files are kept
   * @param tailEntries of the log that are kept behind a snapshot
   * @param followersEntries of the log that are kept at most while a follower needs them
   * @param cheaperEntries who lacks more than that is sent the snapshot, -1 for never
   * @param saveSpan how long saving, receiving or installing one may take on disk
   * @param transferSpan how long it may be on its way
   * @param failure chance that saving or sending fails
   * @param again chance that one is received twice
   * @param lost chance that a start does not find a file, or not what it was
   * @param crashes chance that a replica crashes in a step of saving, receiving or installing one
   */
  public record Snapshots(
      int every,
      int kept,
      int tailEntries,
      int followersEntries,
      int cheaperEntries,
      long saveSpan,
      long transferSpan,
      int failure,
      int again,
      int lost,
      int crashes) {}

  /** {@return how many replicas there are} */
  public int replicas() {
    return voters + learners;
  }

  /** {@return the members, numbered from 1, the learners last} */
  public Configuration configuration() {
    List<ReplicaId> voterIds = new ArrayList<>();
    List<ReplicaId> learnerIds = new ArrayList<>();
    for (int i = 1; i <= replicas(); i++) {
      (i <= voters ? voterIds : learnerIds).add(new ReplicaId(i));
    }
    return new Configuration(voterIds, learnerIds);
  }

  /**
   * The same with other members.
   *
   * @param newVoters from 1
   * @param newLearners from 0
   * @return smaller parameters
   */
  public Parameters withMembers(int newVoters, int newLearners) {
    return new Parameters(
        newVoters, newLearners, settings, length, network, disk, host, load, snapshots);
  }

  /**
   * The same with a shorter first phase.
   *
   * @param newLength how long faults and operations go on
   * @return shorter parameters
   */
  public Parameters withLength(long newLength) {
    return new Parameters(
        voters, learners, settings, newLength, network, disk, host, load, snapshots);
  }
}
