"""How does a planned word to staff leave? As any other, but to a topic."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from bot.clock import Clock
from bot.codec import load_reply
from bot.desk.courier import Courier
from bot.desk.job import load_job
from bot.limits import RateLimit
from bot.metrics import Metrics
from bot.policy import Allow
from bot.runtime import UnitRuntime
from bot.send_results import SendLog
from bot.sender import Deliver, Sender
from handlers.model import Channel
from storage.database import Database
from storage.outbox import Row


class DeskSender(Sender):
    """Sends the rows of one staff channel."""

    def __init__(
        self,
        channel: Channel,
        database: Database,
        units: Mapping[str, UnitRuntime],
        limits: Mapping[str, RateLimit],
        clock: Clock,
        send_log: SendLog,
        metrics: Metrics,
        owner: str,
    ) -> None:
        super().__init__(
            channel, database, units, limits, clock, send_log, metrics, owner
        )
        self._courier = Courier(channel, database, clock)

    def _opened(self, unit: UnitRuntime, row: Row, verdict: Allow) -> Deliver:
        """Unseal a job; raises ErasedError, InvalidTag, TypeError."""
        del verdict
        vault = unit.vault.unwrap(row["person_id"], row["wrapped_key"])
        content = vault.open(row["content"], row["item_id"])
        job, part = load_job(content["desk"]), load_reply(content["reply"])
        return partial(self._courier.carry, unit, vault, job, part)
