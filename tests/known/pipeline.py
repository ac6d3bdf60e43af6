"""What a pipeline of compressions costs."""

from kdlab.pipeline import Conv, Flatten, Linear, Pool, factorize, layer_costs, prune


def flops(H, W, cin, c1, c2, k, pool, fc, out, keep1, keep2, rank):
    network = (Conv(c1, k, padding="same"), Conv(c2, k, padding="same"), Pool(pool), Flatten(), Linear(fc), Linear(out))
    image = (cin, H, W)
    pruned = prune(network, image, {0: range(keep1), 1: range(keep2)})
    dense, slim, slim_svd = (
        [cost.macs for cost in layer_costs(stage, image) if cost.macs]
        for stage in (network, pruned, factorize(pruned, image, 4, rank))
    )
    return {
        "dense": dense,
        "pruned": slim,
        "pruned_svd": slim_svd,
        "total_dense": sum(dense),
        "total_pruned_svd": sum(slim_svd),
    }
