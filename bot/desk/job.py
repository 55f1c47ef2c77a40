"""What is to be done on a staff channel, as it lies sealed in the outbox?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Op(StrEnum):
    """Say something, replace it, or close the topic."""

    POST = "post"
    EDIT = "edit"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Job:
    """One call. ``ref`` is the matter, "" for none; ``title`` opens its topic when it
    has none yet; ``name`` is under which name the message is remembered; ``place`` is
    a fixed place (a person's talk), "" when the matter tells; ``naming`` begins the
    same words in the group when the person never began that talk.
    """

    op: Op = Op.POST
    ref: str = ""
    title: str = ""
    name: str = ""
    place: str = ""
    naming: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Where a matter is talked about: its place, and named messages' ids there."""

    place: str
    messages: Mapping[str, str] = field(default_factory=dict)


def dump(value: Job | Topic) -> dict[str, Any]:
    """Return a JSON object without what is empty."""
    return {name: part for name, part in asdict(value).items() if part}


def load_job(value: Mapping[str, Any]) -> Job:
    """Read a job."""
    return Job(**(dict(value) | {"op": Op(value["op"])}))


def load_topic(value: Mapping[str, Any]) -> Topic:
    """Read a topic."""
    return Topic(value["place"], dict(value.get("messages", {})))
