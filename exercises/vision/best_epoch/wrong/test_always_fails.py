"""test_report raises for every version, right or wrong."""


def test_report(f):
    raise AssertionError
