"""What can be wrong with promises about data; each docstring is the message."""

from __future__ import annotations


class PrivacyError(Exception):
    """Chưa làm được việc về dữ liệu cá nhân."""

    hint = ""

    def __init__(self, text: str = "") -> None:
        super().__init__(text or (self.__doc__ or "").strip())


class BadRulesError(PrivacyError):
    """Tệp thời hạn giữ dữ liệu chưa đúng."""

    hint = "Mỗi luật cần code, group, days (từ 30 trở lên), name, why; xem tệp mẫu."
