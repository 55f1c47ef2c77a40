"""``/console/evidence``: the state of the log, the rows, the dossiers built."""

from __future__ import annotations

from datetime import date
from typing import Any

from aiohttp import web
from sqlalchemy import Connection

from bot.console.evidence.room import criteria, jobs, last_summary, mode_name, tag_of
from bot.console.guard import Section, action, get, post
from bot.console.nav import Item, Place
from bot.console.visit import Visit
from bot.dossier_sweep import sweep
from handlers.cases.moments import from_ms, local_day
from handlers.staff.dossier.build import STEPS
from handlers.staff.dossier.errors import DossierError
from handlers.staff.evidence.live import check
from handlers.staff.evidence.report import Report
from handlers.staff.evidence.trust import Trust
from handlers.staff.permissions import Action
from messages.criteria.model import Criterion, Level
from storage import dossier
from storage.evidence import checkpoints, order

BAD = 400


@action(Action.SEE_DOSSIER)
async def show(at: Visit) -> web.StreamResponse:
    """Show everything at a glance."""
    await sweep(at.house.service.installation, at.unit_id)
    return await page(at)


@action(Action.READ_EVIDENCE)
async def verify(at: Visit) -> web.StreamResponse:
    """Check the whole log now, every byte again."""
    keys = at.gate.keys
    report = await at.house.database.read(lambda c: check(c, at.unit_id, keys, Trust()))
    return await page(at, report=report)


async def page(
    at: Visit,
    *,
    report: Report | None = None,
    error: DossierError | None = None,
    kept: dict[str, str] | None = None,
) -> web.Response:
    """Return the page; ``kept`` is what was typed into the form."""
    rows = await jobs(at)
    summary, seen_at = last_summary(rows)
    counts = await at.house.database.read(lambda c: dossier.counts(c, at.unit_id))
    today = local_day(from_ms(at.house.clock.now_ms()))
    year = {"first": date(today.year, 1, 1).isoformat(), "last": today.isoformat()}
    chosen = criteria(at)
    states = [tag_of(summary.get(one.id))[0] for one in chosen.scored]
    return at.html(
        "evidence/page.html",
        "Minh chứng",
        status=BAD if error else 200,
        log=await at.house.database.read(lambda c: _log(c, at.unit_id)),
        report=report,
        error=error,
        kept={"as_of": ""} | (kept or year),
        jobs=rows,
        is_running=any(one["state"] in ("waiting", "running") for one in rows),
        steps=STEPS,
        groups=_groups(chosen.rows, summary, counts),
        totals={word: states.count(word) for word in dict.fromkeys(states)},
        seen_at=seen_at,
        criteria=chosen,
    )


def _log(connection: Connection, unit_id: str) -> dict[str, Any]:
    head = order.head(connection, unit_id)
    last = checkpoints.newest(connection, unit_id)
    keys = checkpoints.keys(connection, unit_id)
    return {
        "size": head.size if head else 0,
        "waiting": order.count_waiting(connection, unit_id),
        "signed": last.size if last else 0,
        "at": last.at if last else None,
        "root": last.read()[0].root.hex() if last else "",
        "key": keys[-1].key(head.origin).fingerprint if head and keys else "",
    }


def _groups(
    rows: tuple[Criterion, ...], summary: dict[str, Any], counts: dict[str, int]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for row in rows:
        if row.level is Level.CRITERION:
            found.append({"title": row.title, "rows": []})
        elif row.level is Level.ITEM:
            if not found:
                found.append({"title": "Tiêu chí", "rows": []})
            words, tone = tag_of(summary.get(row.id))
            found[-1]["rows"].append(
                {
                    "id": row.id,
                    "number": row.number,
                    "title": row.title,
                    "mode": mode_name(row.mode),
                    "state": words,
                    "tone": tone,
                    "papers": counts.get(row.id, 0),
                }
            )
    return found


SECTION = Section(
    (get("/evidence", show), post("/evidence/verify", verify)),
    item=Item(Place.EVIDENCE, "/evidence", Action.SEE_DOSSIER),
)
