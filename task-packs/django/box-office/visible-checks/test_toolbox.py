import pytest
from toolbox.batches import batches
from toolbox.ledger import entry
from toolbox.retry import retried


def test_batches_take_only_what_is_asked_for():
    taken = []
    source = (taken.append(n) or n for n in range(100))

    assert next(iter(batches(source, 2))) == [0, 1]
    assert len(taken) == 2


def test_the_last_failure_gets_out():
    calls = []

    @retried(3)
    def fail():
        calls.append(1)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        fail()
    assert len(calls) == 3


def test_a_failed_block_is_noted():
    log = []

    with pytest.raises(KeyError), entry(log, "sale"):
        raise KeyError

    assert log == ["begin sale", "failed sale"]
