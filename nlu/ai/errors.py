"""What can be wrong with the reply of a language model?"""

from __future__ import annotations

from nlu.errors import NluError


class AiError(NluError):
    """Phần AI không dùng được."""


class WrongShapeError(AiError):
    """Câu trả lời của máy chủ AI không đúng dạng:"""
