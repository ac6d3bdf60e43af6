"""Dark knowledge: incorrect classes, truncation, retention."""

from kdlab.dark_knowledge import (
    decoupled_kl,
    incorrect_entropy,
    label_rank,
    retention_probability,
    truncated_softmax,
)


def dark(teacher_logits, student_logits, label, T, k):
    parts = decoupled_kl(student_logits, teacher_logits, label, T)
    truncation = truncated_softmax(teacher_logits, k, T)
    rank = label_rank(teacher_logits, label)
    retained = {
        operator: retention_probability(rank, k, len(teacher_logits), operator=operator)
        for operator in ("rank-preserving", "permutation", "derangement")
    }
    return {
        "H_incorrect": incorrect_entropy(teacher_logits, label, T),
        "H_incorrect_normalised": incorrect_entropy(teacher_logits, label, T, normalised=True),
        "KL": parts.total,
        "KL_binary": parts.binary,
        "KL_incorrect": parts.incorrect,
        "rank_of_label": rank,
        "kept": truncation.indices,
        "truncated": truncation.probs,
        "kept_mass": truncation.kept_mass,
        "KL_truncated_to_full": truncation.kl_truncated_to_full,
        "retained_rank_preserving": retained["rank-preserving"],
        "P_retained_uniform_permutation": retained["permutation"],
        "P_retained_uniform_derangement": retained["derangement"],
    }
