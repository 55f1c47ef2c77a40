"""Are the keys of the sealed queue nobody else's?"""

from __future__ import annotations

import pytest

from storage.keys import InvalidTag, KeyRing


def test_no_other_key_of_the_unit_opens_what_is_sealed(ring: KeyRing) -> None:
    """The unit's own box and that of a neighbour fail; the sealed box opens."""
    keys = ring.unit("xa-thu")
    sealed = keys.sealed.box.seal(b"x", "c")

    assert keys.sealed.box.open(sealed, "c") == b"x"
    for other in (keys.box, ring.unit("xa-khac").sealed.box):
        with pytest.raises(InvalidTag):
            other.open(sealed, "c")


def test_a_pseudonym_is_the_queues_own(ring: KeyRing) -> None:
    """The same value has other HMACs under other keys, kinds and units."""
    keys = ring.unit("xa-thu")
    macs = {
        keys.sealed.mac("person", "p"),
        keys.sealed.mac("event", "p"),
        keys.mac("person", "p"),
        ring.unit("xa-khac").sealed.mac("person", "p"),
    }

    assert len(macs) == 4
    assert all(len(mac) == 32 for mac in macs)
    assert keys.sealed.mac("person", "p") in macs
