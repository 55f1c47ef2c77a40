"""What can be wrong with a Rasa project or with an answer of a Rasa server?"""

from __future__ import annotations

from nlu.errors import NluError


class RasaError(NluError):
    """Phần Rasa không dùng được."""


class NothingToTeachError(RasaError):
    """Chưa có thủ tục nào kèm cách gọi hoặc câu hỏi mẫu để dạy Rasa."""


class WrongShapeError(RasaError):
    """Câu trả lời của máy chủ Rasa không đúng dạng:"""
