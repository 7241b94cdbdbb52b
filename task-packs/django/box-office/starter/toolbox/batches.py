def batches(items, size):
    """Lists of `size` items each, the last one shorter. Items are taken only when a batch is asked for."""
    items = list(items)
    return [items[start : start + size] for start in range(0, len(items), size)]
