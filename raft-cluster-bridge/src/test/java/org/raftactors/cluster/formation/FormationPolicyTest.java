package org.raftactors.cluster.formation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.raftactors.cluster.NodeId;
import org.raftactors.cluster.formation.FormationPolicy.Decision;
import org.raftactors.cluster.formation.Sight.Standing;

class FormationPolicyTest {

  private static final NodeId TWO = new NodeId("n2");
  private static final NodeId THREE = new NodeId("n3");
  private static final Decision STAY = new Decision.Stay();

  /** Of three nodes; a hello counts for 10, joining may take 100, a split 50. */
  private final FormationPolicy policy = new FormationPolicy(2, 10, 100, 50);

  private static Sight none(String incarnation, long leads) {
    return new Sight(Standing.NONE, incarnation, List.of(), leads);
  }

  private static Sight member(String incarnation, long leads, String... members) {
    return new Sight(Standing.MEMBER, incarnation, List.of(members), leads);
  }

  @Test
  void aNodeThatIsCutOff_formsNothing() {
    assertThat(policy.decide(none("1", 0), 1)).isEqualTo(STAY);
    assertThat(policy.decide(none("1", 7), 1)).isEqualTo(STAY);
    assertThat(policy.decide(none("1", 7), 100)).isEqualTo(STAY);
  }

  @Test
  void theLeader_formsTheClusterOnceAMajorityIsInNone() {
    policy.heard(TWO, none("2", 0), 1);
    assertThat(policy.decide(none("1", 0), 2)).isEqualTo(STAY);
    assertThat(policy.decide(none("1", 7), 2)).isEqualTo(STAY);
    assertThat(policy.decide(none("1", 7), 7)).isEqualTo(new Decision.Form());
  }

  /** An earlier leader may have formed one just before, and its hello be on the way. */
  @Test
  void aNewLeader_listensForAWhile() {
    policy.heard(TWO, none("2", 6), 1);
    assertThat(policy.decide(none("1", 7), 2)).isEqualTo(STAY);
    policy.heard(TWO, member("2", 0, "2"), 3);
    assertThat(policy.decide(none("1", 7), 7)).isEqualTo(new Decision.Join(TWO));
  }

  @Test
  void leadership_thatWasLostMeanwhile_isNotSteady() {
    policy.heard(TWO, none("2", 0), 1);
    assertThat(policy.decide(none("1", 7), 2)).isEqualTo(STAY);
    assertThat(policy.decide(none("1", 9), 7)).isEqualTo(STAY);
    policy.heard(TWO, none("2", 0), 11);
    assertThat(policy.decide(none("1", 9), 12)).isEqualTo(new Decision.Form());
  }

  @Test
  void anOldHello_doesNotCount() {
    policy.heard(TWO, none("2", 0), 1);
    assertThat(policy.decide(none("1", 7), 2)).isEqualTo(STAY);
    assertThat(policy.decide(none("1", 7), 12)).isEqualTo(STAY);
  }

  @Test
  void whereSomeoneIsAMember_noOtherClusterIsFormed() {
    policy.heard(TWO, none("2", 0), 1);
    policy.heard(THREE, member("3", 0, "3"), 1);
    assertThat(policy.decide(none("1", 7), 2)).isEqualTo(new Decision.Join(THREE));
  }

  @Test
  void oneThatLeft_isNeitherJoinedNorCounted() {
    policy.heard(TWO, new Sight(Standing.LEFT, "2", List.of(), 0), 1);
    assertThat(policy.decide(none("1", 7), 2)).isEqualTo(STAY);
    assertThat(policy.decide(none("1", 7), 9)).isEqualTo(STAY);
    assertThat(policy.decide(new Sight(Standing.LEFT, "1", List.of(), 7), 2)).isEqualTo(STAY);
  }

  @Test
  void theLeadersCluster_isJoinedFirst_thenTheNext() {
    policy.heard(TWO, member("2", 0, "2", "3"), 1);
    policy.heard(THREE, member("3", 7, "2", "3"), 1);
    assertThat(policy.decide(none("1", 0), 2)).isEqualTo(new Decision.Join(THREE));
    assertThat(policy.decide(none("1", 0), 3)).isEqualTo(STAY);
    policy.heard(TWO, member("2", 0, "2", "3"), 100);
    policy.heard(THREE, member("3", 7, "2", "3"), 100);
    assertThat(policy.decide(none("1", 0), 102)).isEqualTo(new Decision.Join(TWO));
    policy.heard(TWO, member("2", 0, "2", "3"), 202);
    policy.heard(THREE, member("3", 7, "2", "3"), 202);
    assertThat(policy.decide(none("1", 0), 202)).isEqualTo(new Decision.Join(THREE));
  }

  @Test
  void ofTwoClusters_theOneWithoutTheLeaderGivesWayAfterTheGrace() {
    policy.heard(TWO, member("2", 7, "2", "3"), 1);
    assertThat(policy.decide(member("1", 0, "1"), 1)).isEqualTo(STAY);
    policy.heard(TWO, member("2", 7, "2", "3"), 49);
    assertThat(policy.decide(member("1", 0, "1"), 50)).isEqualTo(STAY);
    assertThat(policy.decide(member("1", 0, "1"), 51)).isEqualTo(new Decision.Restart(TWO));
  }

  @Test
  void theClusterOfAnOldLeader_givesWayToTheHigherTerm() {
    policy.heard(TWO, member("2", 7, "2", "3"), 1);
    policy.decide(member("1", 6, "1"), 1);
    policy.heard(TWO, member("2", 7, "2", "3"), 51);
    assertThat(policy.decide(member("1", 6, "1"), 51)).isEqualTo(new Decision.Restart(TWO));
    assertThat(policy.decide(member("1", 8, "1"), 51)).isEqualTo(STAY);
  }

  @Test
  void aJoinThatIsNotKnownEverywhereYet_isNoSplit() {
    policy.heard(TWO, member("2", 7, "2", "1"), 1);
    policy.decide(member("1", 0, "1"), 1);
    policy.heard(TWO, member("2", 7, "2", "1"), 60);
    assertThat(policy.decide(member("1", 0, "1"), 60)).isEqualTo(STAY);
  }

  @Test
  void aSplitThatHealsWithinTheGrace_isForgotten() {
    policy.heard(TWO, member("2", 7, "2"), 1);
    policy.decide(member("1", 0, "1"), 1);
    policy.decide(member("1", 0, "1", "2"), 5);
    policy.heard(TWO, member("2", 7, "2"), 60);
    assertThat(policy.decide(member("1", 0, "1"), 60)).isEqualTo(STAY);
  }

  @Test
  void aLeaderInNoCluster_isNoReasonToGiveWay() {
    policy.heard(TWO, none("2", 7), 1);
    policy.decide(member("1", 0, "1"), 1);
    policy.heard(TWO, none("2", 7), 60);
    assertThat(policy.decide(member("1", 0, "1"), 60)).isEqualTo(STAY);
  }
}
