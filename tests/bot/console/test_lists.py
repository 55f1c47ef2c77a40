"""Are lists filtered, paged and exported as the address says, and harmlessly?"""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.console.export import DANGEROUS, as_csv, as_xlsx, harmless
from bot.console.filters import Filter, ListQuery, parse
from bot.console.render import number
from bot.console.session import parse as parse_keys
from bot.console.table import Column, Table, paged
from handlers.staff.permissions import Role
from tests.bot.console.support import Desk

COLUMNS: list[Column[str]] = [Column("Tên", lambda row: row)]
STATE = Filter("state", "Tình trạng", [("new", "Mới")])


@pytest.mark.parametrize("text", ["=1+1", "+84 912", "-1", "@sum", "\t=1", " =cmd|x"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    """What a spreadsheet would run is led by an apostrophe, in both formats."""
    (_, row) = csv.reader(io.StringIO(as_csv(COLUMNS, [text]).decode("utf-8-sig")))
    sheet = load_workbook(io.BytesIO(as_xlsx(COLUMNS, [text], "Thử"))).active
    assert sheet is not None

    assert row[0] == f"'{text}"
    assert sheet["A2"].value == f"'{text}"
    assert sheet["A2"].data_type == "s"


@given(st.text())
def test_no_text_at_all_begins_a_formula(text: str) -> None:
    """Whatever a citizen is called."""
    assert not harmless(text).lstrip(" \u00a0\ufeff\u200b").startswith(DANGEROUS)


def test_the_file_begins_with_a_mark() -> None:
    """Excel reads Vietnamese only then."""
    assert as_csv(COLUMNS, ["Nguyễn"]).startswith(b"\xef\xbb\xbf")


@given(
    st.dictionaries(st.sampled_from(["q", "page", "sort", "dir", "state"]), st.text())
)
def test_no_address_breaks_a_list(query: dict[str, str]) -> None:
    """Nonsense is left out, and the list's own address means the same again."""
    found = parse(query, (STATE,), ("name",))

    assert 1 <= found.page <= 10_000
    assert found.sort in ("", "name")
    assert set(found.chosen.items()) <= {("state", "new")}
    assert found.url().startswith("?")


@given(st.text())
def test_no_cookie_breaks_a_request(text: str) -> None:
    """A cookie is ours or nothing."""
    found = parse_keys(text)

    assert found is None or all(unit and token for unit, token in found.pairs)


def test_pages_and_order() -> None:
    """Pages are counted, or guessed where nobody counted; order turns round."""
    rows = [str(n) for n in range(120)]
    query = parse({"page": "3", "sort": "name"}, sorts=("name",))
    table = Table("Thử", COLUMNS, paged(rows, query), query, total=len(rows))
    assert (len(table.rows), table.pages) == (20, 3)
    unknown = Table("Thử", COLUMNS, rows[:50], ListQuery())
    assert unknown.pages == 2

    assert query.sorted_by("name") == "?sort=name&dir=down"
    assert query.url(page=1) == "?sort=name"


@pytest.mark.parametrize(
    ("value", "shown"), [(1234567, "1.234.567"), (0.5, "0,5"), (12.0, "12")]
)
def test_numbers_are_vietnamese(value: float, shown: str) -> None:
    """Points between thousands, a comma for decimals."""
    assert number(value) == shown


async def test_the_list_of_people(desk: Desk) -> None:
    """Search without accents, filter by role, files with the same rows."""
    admin = await desk.as_role(Role.ADMIN)
    for role in (Role.OFFICER, Role.HEAD):
        await desk.hire(role.value, role)
    found = await admin.get("/console/people?q=tran+can")
    assert "Trần Văn Cán" in found.text
    assert "Lê Thị Chánh" not in found.text
    heads = await admin.get("/console/people?role=head&sort=name&dir=down")
    assert "Lê Thị Chánh" in heads.text
    assert "Trần Văn Cán" not in heads.text
    file = await admin.get("/console/people/export.csv?role=head")
    assert file.headers["Content-Disposition"] == 'attachment; filename="can-bo.csv"'
    assert "Chánh văn phòng" in file.text
    assert "Cán bộ xử lý" not in file.text

    assert (await admin.get("/console/people/export.exe")).status == 404


async def test_contacts_are_for_administrators(desk: Desk) -> None:
    """Others see who works here, not by which number they are woken."""
    await desk.hire("mai")
    admin, officer = await desk.as_role(Role.ADMIN), await desk.as_role(Role.OFFICER)

    assert "0912345678" in (await admin.get("/console/people/mai")).text
    assert "0912345678" not in (await officer.get("/console/people/mai")).text
