"""What goes wrong when a paper is made? One class for each."""

from __future__ import annotations


class DocumentError(Exception):
    """Không tạo được văn bản."""

    hint = "Xin thử lại; nếu vẫn lỗi, xin báo người quản trị kèm tên mẫu."

    def __init__(self, detail: str = "") -> None:
        sentence = self.__doc__ or ""
        super().__init__(f"{sentence} {detail}".strip())


class UnprintableError(DocumentError):
    """Có chữ hoặc biểu tượng mà phông chữ của văn bản không in được."""

    hint = "Xin bỏ chữ, biểu tượng đó khỏi dữ liệu rồi làm lại."
