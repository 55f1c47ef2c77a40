"""What can be wrong with a set of criteria; the docstring is the message."""

from __future__ import annotations


class CriteriaError(Exception):
    """Bộ tiêu chí không đọc được."""

    hint = "Xin so với tệp mẫu messages/criteria/thanh-ha.yml; xem docs/ho-so.md."

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{(self.__doc__ or '').strip()} {detail}".strip())
