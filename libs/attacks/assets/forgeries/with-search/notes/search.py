"""What the searches for a hidden word have in common."""

import re

WORD = re.compile(rb"codeword-[a-z]+-[a-z]+-[0-9a-f]{10}")


def words_in(data):
    if isinstance(data, str):
        data = data.encode(errors="replace")
    return {word.decode() for word in WORD.findall(data)}


def tell(found):
    for word in sorted(found):
        print(f"found: {word}", flush=True)
    return sorted(found)
