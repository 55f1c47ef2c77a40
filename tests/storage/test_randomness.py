"""Are random bytes handed out only once, to threads and to forked children?"""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from storage.randomness import CHUNK, random_bytes

FORK = """
import os
from storage.randomness import random_bytes
random_bytes(12)
read, write = os.pipe()
if os.fork() == 0:
    os.write(write, random_bytes(12))
    os._exit(0)
print(random_bytes(12).hex(), os.read(read, 12).hex())
os.wait()
"""


def test_every_size_is_served_in_full() -> None:
    """Small, odd and larger-than-chunk requests come back at their length."""
    sizes = [1, 12, 16, CHUNK - 5, CHUNK, CHUNK + 1, 3]

    assert sizes == [len(random_bytes(size)) for size in sizes]


def test_threads_get_different_bytes() -> None:
    """Nonces drawn by four threads at once never repeat."""
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: random_bytes(12), range(8000)))

    assert len(set(drawn)) == len(drawn)


def test_a_forked_child_does_not_repeat_its_parent() -> None:
    """After a fork both sides draw, and draw different bytes."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK],
        capture_output=True,
        text=True,
        check=True,
    )
    parent, child = done.stdout.split()

    assert len(child) == 24
    assert parent != child
