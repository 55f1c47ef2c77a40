"""What does pymerkle say about our log? One JSON question a line, one answer a line.

Runs in an environment of its own (see .ci/log), where nothing of ours is installed.
"""

from __future__ import annotations

import base64
import importlib
import json
import sys
from typing import Any

pymerkle = importlib.import_module("pymerkle")


def answer(asked: dict[str, Any]) -> dict[str, Any]:
    """Grow the tree of the leaves; judge the roots and the path that we were told."""
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for leaf in asked["leaves"]:
        tree.append_entry(base64.b64decode(leaf))
    size, old, place = len(asked["leaves"]), asked["old"], asked["index"] + 1
    said, before = _bytes(asked["root"]), _bytes(asked["before"])
    path = tree.prove_inclusion(place, size).path
    return {
        "root": _text(tree.get_state()),
        "before": _text(tree.get_state(old)),
        "leaf": _text(path[0]),
        "inclusion": [_text(node) for node in path[1:]],
        "is_included": _is_included(tree, asked, place, size, said),
        "is_consistent": _is_consistent(
            tree.prove_consistency(old, size), before, said
        ),
    }


def _is_included(
    tree: Any, asked: dict[str, Any], place: int, size: int, root: bytes
) -> bool:
    """Whether our path, in the form that pymerkle reads, leads to our root."""
    made = tree.prove_inclusion(place, size)
    leaf = made.path[0]
    made.path = [leaf, *map(_bytes, asked["path"])]
    try:
        pymerkle.verify_inclusion(leaf, root, made, index=place, size=size)
    except pymerkle.InvalidProof:
        return False
    return True


def _is_consistent(proof: Any, before: bytes, root: bytes) -> bool:
    try:
        pymerkle.verify_consistency(before, root, proof)
    except pymerkle.InvalidProof:
        return False
    return True


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()
