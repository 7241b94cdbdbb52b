from contextlib import contextmanager


@contextmanager
def entry(log, name):
    """Writes `begin <name>` to the list `log`, and `end <name>` or `failed <name>` when the block is over. Exceptions go on."""
    log.append(f"begin {name}")
    try:
        yield log
    except BaseException:
        log.append(f"failed {name}")
        raise
    log.append(f"end {name}")
