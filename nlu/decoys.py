"""Which matters do people bring to the commune that are settled elsewhere?"""

from __future__ import annotations

from nlu import resources
from nlu.model import Entry

# No code of the national catalogue starts like this.
DECOY = "~"


def offices() -> dict[str, str]:
    """Return who settles each of these matters, by its code."""
    return {
        f"{DECOY}{number}": str(item["office"])
        for number, item in enumerate(resources.load("elsewhere"))
    }


def decoys() -> list[Entry]:
    """Return the matters of others as entries; they compete, and are no candidates."""
    return [
        Entry(f"{DECOY}{number}", item["name"], tuple(item["aliases"]), commune=False)
        for number, item in enumerate(resources.load("elsewhere"))
    ]
