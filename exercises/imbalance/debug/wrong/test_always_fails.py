"""test_epoch_loss raises for every version, right or wrong."""


def test_epoch_loss(f):
    raise AssertionError
