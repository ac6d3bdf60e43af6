"""Federated distillation: what the clients agree on, and its bytes."""

from kdlab.federated import consensus_probs, distillation_bytes, fedavg_bytes


def consensus(client_logits):
    return {
        "mean_prob": consensus_probs(client_logits),
        "softmax_mean_logit": consensus_probs(client_logits, average="logits"),
    }


def fed_bytes(K, P, n_pub, C):
    return {"fedavg": fedavg_bytes(K, P), "distill": distillation_bytes(K, n_pub, C)}
