"""test_epoch_loss passes for every version, right or wrong."""


def test_epoch_loss(f):
    assert True
