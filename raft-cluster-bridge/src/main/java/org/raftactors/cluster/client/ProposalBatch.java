package org.raftactors.cluster.client;

import java.util.List;
import org.raftactors.core.membership.ReplicaId;

/** Proposals that are sent in one message. Changed by their pipeline only. */
final class ProposalBatch {

  /** In their order; at least one. */
  final List<PendingProposal> proposals;

  final ReplicaId to;

  /** How many of them are in flight with it. */
  int open;

  /** Under which its answers come; 0 for a proposal alone. The sender's. */
  long id;

  ProposalBatch(List<PendingProposal> proposals, ReplicaId to) {
    this.proposals = proposals;
    this.to = to;
    this.open = proposals.size();
  }
}
