from itertools import islice


def batches(items, size):
    """Lists of `size` items each, the last one shorter. Items are taken only when a batch is asked for."""
    if size < 1:
        raise ValueError("size must be at least 1")
    return _batches(iter(items), size)


def _batches(iterator, size):
    while batch := list(islice(iterator, size)):
        yield batch
