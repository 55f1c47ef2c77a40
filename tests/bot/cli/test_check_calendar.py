"""Does ``thanthien check`` look at the coming holidays and at the roster?"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from scheduler.calendar.coverage import AHEAD_DAYS
from scheduler.moments import LOCAL
from tests.bot.cli.conftest import Office
from tests.bot.cli.test_users import hire


def told(office: Office, part: str) -> list[tuple[str, str]]:
    """Return level and text of what is said of a part."""
    _, out, _ = office.run("check", "--json")
    found = json.loads(out)["findings"]
    return [(one["level"], one["text"]) for one in found if one["part"] == part]


def days() -> list[datetime]:
    """Return the days that are looked at."""
    today = datetime.now(UTC).astimezone(LOCAL)
    return [today + timedelta(days=number) for number in range(AHEAD_DAYS + 1)]


def test_a_calendar_that_knows_the_coming_days_is_well(office: Office) -> None:
    """A file with the notices of these years and every swap decided leaves no doubt."""
    years = {day.year for day in days()}
    notices = [f"- {{year: {y}, decision: thử, confirmed: true}}" for y in years]
    swap = '- {rest: "2026-11-23", worked: "2026-11-28", confirmed: true, source: x}'
    text = "\n".join(["notices:", *notices, "swaps:", swap])
    (office.folder / "lich.yml").write_text(text, encoding="utf-8")
    office.document["units"]["thanh-ha"]["calendar_file"] = "lich.yml"
    office.prepare()

    ((level, text),) = told(office, "lịch nghỉ lễ")
    assert (level, text.startswith("thanh-ha: 60 ngày tới")) == ("ok", True)


def test_a_year_without_its_notice_is_named(office: Office) -> None:
    """The year is withdrawn by the commune's own file, so it holds on any day."""
    years = sorted({day.year for day in days()})
    notices = [f"- {{year: {y}, decision: thử, confirmed: false}}" for y in years]
    text = "\n".join(["notices:", *notices])
    (office.folder / "lich.yml").write_text(text, encoding="utf-8")
    office.document["units"]["thanh-ha"]["calendar_file"] = "lich.yml"
    office.prepare()

    found = told(office, "lịch nghỉ lễ")
    assert {level for level, _ in found} == {"warning"}
    assert str(years[0]) in found[0][1]


def test_the_roster_of_the_coming_days(office: Office) -> None:
    """No roster, then one with holes and somebody whom nobody can reach."""
    office.prepare()
    ((level, text),) = told(office, "lịch trực")
    assert (level, "chưa có lịch trực" in text) == ("warning", True)

    hire(office, "an", "--role", "head", "--phone", "0911111111")
    hire(office, "cuc")
    tomorrow = (datetime.now(UTC).astimezone(LOCAL) + timedelta(days=1)).date()
    when = ("--day", tomorrow.isoformat(), "--part", "sang", "--holder", "cuc")
    assert office.run("roster", "set", *when)[0] == 0
    texts = [text for _, text in told(office, "lịch trực")]
    assert any("chưa đủ người" in text for text in texts)
    assert "thanh-ha: chưa có cách liên hệ với cuc" in texts
