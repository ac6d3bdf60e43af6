"""The gradient-balanced alpha."""

from kdlab.hybrid_objective import cross_entropy_df, feature_loss_df, gradient_balance


def alpha(f_S, f_T, V, b, label):
    grad_CE = cross_entropy_df(f_S, V, b, label)
    grad_feat = feature_loss_df(f_S, f_T)
    balance = gradient_balance(grad_CE, grad_feat)
    return {
        "grad_CE": grad_CE,
        "grad_feat": grad_feat,
        "norm_CE": balance.ce_norm,
        "norm_feat": balance.feature_norm,
        "alpha": balance.alpha,
        "each_weighted_norm": balance.weighted_norm,
        "total_grad": balance.total,
        "total_grad_norm": balance.total_norm,
        "cosine": balance.cosine,
    }
