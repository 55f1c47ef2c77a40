"""Kiểm tra một gói minh chứng mà không cần tin nơi đã lập ra nó.

Chỉ cần Python 3.9 trở lên, không mạng, không cài thêm; chạy ngay trong thư mục gói:
    python verify_evidence.py [--key DẤU_VÂN_TAY] [--checkpoint TỆP]
Mọi byte của gói đều được kiểm, trừ chính tệp này (nên lấy nó từ nguồn mình tin):
1. Bản kê (manifest.txt) nêu từng tệp với mã SHA-256; không tệp nào thừa hoặc thiếu.
2. Mỗi dòng trong entries/ là một mục nhật ký (JSON chuẩn RFC 8785) hoặc, khi gói chỉ
   xuất một khoảng ngày, mã băm của cả một nhánh mục không xuất ("=tầng mã").
3. Các mục hợp thành cây Merkle (RFC 6962); mã gốc phải đúng như các mốc đã ký.
4. Mốc và bản kê là "signed note" (C2SP), ký Ed25519; khóa mới do khóa cũ giới thiệu.
Thoát với mã 0 khi mọi thứ đúng, 1 khi có chỗ sai (nêu tên từng chỗ).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
import sys
from json import JSONEncoder, loads
from pathlib import Path

FORMAT = "than-thien evidence bundle 1"
MANIFEST, SELF = "manifest.txt", "verify_evidence.py"
HEAD = ("origin", "unit", "size", "root", "given")
BROKEN = (OSError, ValueError, KeyError, IndexError, TypeError, RecursionError)
BYTES = 32
ENCODE = JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
BRANCH = re.compile(rb"=([0-9]{1,2}) ([0-9a-f]{64})\n")
Point = tuple[int, ...]
Made = list[tuple[str, bytes]]  # các chữ ký: tên, (mã khóa và chữ ký)
Mark = tuple[str, int, str]  # mốc: tên nhật ký, số mục, mã gốc (hệ 16)
Noted = tuple[str, Mark, str, Made]  # tệp của mốc: tên tệp, mốc, văn bản, các chữ ký
P = 2**255 - 19  # từ đây: Ed25519, chỉ phần kiểm chữ ký (RFC 8032, 5.1)
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _x(y: int, sign: int) -> int:
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or y >= P or (x == 0 and sign):
        raise ValueError(y)
    return P - x if x & 1 != sign else x


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, p: Point) -> Point:
    found: Point = (0, 1, 1, 0)
    while number:
        found = _add(found, p) if number & 1 else found
        p, number = _add(p, p), number >> 1
    return found


_Y = 4 * pow(5, P - 2, P) % P
BASE = (_x(_Y, 0), _Y, 1, _x(_Y, 0) * _Y % P)


def is_signed(public: bytes, text: bytes, made: bytes) -> bool:
    """Trả lời: khóa công khai (32 byte) này có ký văn bản này không."""
    s, key = int.from_bytes(made[BYTES:], "little"), int.from_bytes(public, "little")
    y = key & (2**255 - 1)
    try:
        x = P - _x(y, key >> 255)
    except ValueError:
        return False
    digest = hashlib.sha512(made[:BYTES] + public + text).digest()
    number = int.from_bytes(digest, "little") % L
    x, y, z, _ = _add(_times(s, BASE), _times(number, (x, y, 1, x * y % P)))
    x, y = x * pow(z, P - 2, P) % P, y * pow(z, P - 2, P) % P
    again = (y | (x & 1) << 255).to_bytes(BYTES, "little")
    return s < L and again == made[:32] and (len(public), len(made)) == (32, 64)


def _decoded(text: str) -> bytes:
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError(text)
    return data


def read_note(data: bytes) -> tuple[str, Made]:
    """Trả về văn bản và các chữ ký; ValueError nếu viết khác quy định."""
    text, _, tail = data.decode().rpartition("\n\n")
    found = re.findall("\u2014 ([^ \n]+) ([^ \n]+)\n", tail)
    again = "".join(f"\u2014 {name} {made}\n" for name, made in found)
    if not (text and found) or again != tail or re.search(r"[\0-\t\v-\x1f]", text):
        raise ValueError(tail)
    return text + "\n", [(name, _decoded(made)) for name, made in found]


def read_checkpoint(text: str) -> Mark:
    """Đọc ba dòng của một mốc; ValueError nếu viết khác quy định."""
    origin, size, root, end = text.split("\n")
    if not origin or end or f"{int(size)}" != size or len(_decoded(root)) != BYTES:
        raise ValueError(text)
    return origin, int(size), _decoded(root).hex()


class Key:
    """Một khóa ký của nhật ký, có hiệu lực từ cây có ``start`` mục."""

    def __init__(self, line: str) -> None:
        start, _, written = line.partition(" ")
        self.name, number, public = written.split("+", 2)
        data, self.start = _decoded(public), int(start)
        said = self.name.encode() + b"\n" + data
        self.public, self.fingerprint = data[1:], hashlib.sha256(said).hexdigest()
        if (str(self.start), self.fingerprint[:8], 1) != (start, number, data[0]):
            raise ValueError(line)

    def has_signed(self, text: str, made: Made) -> bool:
        """Trả lời: khóa này có ký, và không chữ ký nào mang tên nó là giả."""
        me = (self.name, self.fingerprint[:8])
        mine = [sign[4:] for name, sign in made if (name, sign[:4].hex()) == me]
        data = text.encode()
        return bool(mine) and all(is_signed(self.public, data, one) for one in mine)


class Bundle:
    """Một gói trong một thư mục; ``faults`` là các chỗ sai, ``unchecked`` chưa kiểm."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.size, self.full, self.last = folder, 0, 0, 0
        self.faults, self.unchecked = list[str](), list[str]()
        self.head, self.files = dict[str, str](), dict[str, tuple[str, str]]()
        self.keys, self.nodes, self.roots = list[Key](), list[bytes](), dict[int, str]()

    def check(self, fingerprint: str = "", texts: tuple[str, ...] = ()) -> None:
        """Kiểm tất cả; ``texts`` là các mốc được giữ ở nơi khác (ít nhất ba dòng)."""
        at = "--checkpoint"
        try:
            cut = [[line.strip() for line in text.split("\n")[:3]] for text in texts]
            printed = [read_checkpoint("\n".join([*lines, ""])) for lines in cut]
            at, self.roots = MANIFEST, {size: "" for _, size, _ in printed}
            text, made = self._manifest()
            self._contents()
            at = "keys.txt"
            self._keys()
            at = "checkpoints/"
            notes = [(name, *self._note(name)) for name in self._named(at)]
            at = "entries/"
            self._entries()
            self._signed(notes, text, made)
            self._trusted(re.sub(r"[\s:]", "", fingerprint).lower(), printed)
        except BROKEN as error:
            self._need(False, f"{at} thiếu, sai dạng hoặc đã bị sửa ({error!r:.60})")

    def root(self) -> str:
        """Mã gốc của cây đã dựng lại (hệ 16)."""
        found = self.nodes[-1] if self.nodes else hashlib.sha256(b"").digest()
        for node in reversed(self.nodes[:-1]):
            found = hashlib.sha256(b"\1" + node + found).digest()
        return found.hex()

    def _need(self, is_good: object, text: str) -> None:
        self.faults += [] if is_good else [text]

    def _named(self, folder: str) -> list[str]:
        return sorted(name for name in self.files if name.startswith(folder))

    def _manifest(self) -> tuple[str, Made]:
        text, made = read_note((self.folder / MANIFEST).read_bytes())
        lines, end = text.split("\n"), 1 + len(HEAD)
        self.head = dict(line.split(" ", 1) for line in lines[1:end])
        for line in lines[end:-1]:
            if not re.fullmatch(r"day \d{4}-\d\d-\d\d \d+", line):
                kind, digest, length, name = line.split(" ", 3)
                self.files[name] = (digest, length if kind == "file" else "")
        head = [f"{name} {self.head[name]}" for name in HEAD]
        if lines != [FORMAT, *head, *sorted(set(lines[end:-1])), ""]:
            raise ValueError(lines[0])
        return text, made

    def _contents(self) -> None:
        paths = self.folder.rglob("*")
        there = {p for p in paths if not p.is_dir() or not any(p.iterdir())}
        known = {self.folder / name for name in (MANIFEST, SELF, *self.files)}
        for path in sorted(there - known):
            self._need(False, f"tệp thừa: {path.relative_to(self.folder)}")
        for name, said in self.files.items():
            path = self.folder / name
            data = path.read_bytes() if path in there else b""
            is_same = said == (hashlib.sha256(data).hexdigest(), f"{len(data)}")
            self._need(path in there and is_same, f"tệp thiếu hoặc bị sửa: {name}")

    def _keys(self) -> None:
        *lines, end = (self.folder / "keys.txt").read_bytes().decode().split("\n")
        self.keys = [Key(line) for line in lines]
        starts = [key.start for key in self.keys]
        if end or starts != sorted(set(starts)) or starts[0]:
            raise ValueError(starts)

    def _in_force(self, size: int) -> int:
        return max(at for at, key in enumerate(self.keys) if key.start <= size)

    def _note(self, name: str) -> tuple[Mark, str, Made]:
        text, made = read_note((self.folder / name).read_bytes())
        mark = read_checkpoint(text)
        is_ours = (mark[0], name[-17:]) == (self.head["origin"], f"{mark[1]:012d}.note")
        self._need(is_ours, f"mốc đặt sai tên hoặc của nhật ký khác: {name}")
        self.roots[mark[1]] = ""
        return mark, text, made

    def _append(self, node: bytes, level: int = 0) -> None:
        if self.size & ((1 << level) - 1) or len(node) != BYTES:
            raise ValueError(self.size)
        rest = self.size >> level
        while rest & 1:
            node = hashlib.sha256(b"\1" + self.nodes.pop() + node).digest()
            rest >>= 1
        self.nodes.append(node)
        self.size += 1 << level
        if self.size in self.roots:
            self.roots[self.size] = self.root()

    def _entries(self) -> None:
        self.roots.update({0: self.root()} if 0 in self.roots else {})
        for name in self._named("entries/"):
            with (self.folder / name).open("rb") as file:
                for line in file:
                    if found := BRANCH.fullmatch(line):
                        self._append(bytes.fromhex(found[2].decode()), int(found[1]))
                    else:
                        self._entry(line)
        given = f"{self.size} {self.root()} {self.last - self.full} {self.last}"
        is_good = given == "{size} {root} {given}".format_map(self.head)
        self._need(is_good, "các mục khác bản kê (thiếu, thêm, đổi chỗ hoặc sửa)")

    def _entry(self, line: bytes) -> None:
        try:
            value = loads(line, parse_float=int, parse_constant=int)
            said = (ENCODE(value).encode() + b"\n", value["unit"], value["v"])
        except BROKEN:
            said = (b"", "", 0)
        if said != (line, self.head["unit"], 1):
            self.faults.append(f"mục thứ {self.size + 1} sai dạng hoặc bị sửa")
        self.full, self.last = self.full + 1, self.size + 1
        self._append(hashlib.sha256(b"\0" + line[:-1]).digest())

    def _signed(self, notes: list[Noted], text: str, made: Made) -> None:
        key = self.keys[self._in_force(self.size)]
        is_good = len(made) == 1 and key.has_signed(text, made)
        self._need(is_good, f"{MANIFEST}: chữ ký sai")
        begun = {0}
        for name, (_, size, root), said, by in notes:
            now = self._in_force(size)
            wanted = self.keys[now if now in begun else now - 1 : now + 1]
            begun.add(now)
            self._need(root == self.roots[size], f"mã gốc khác với các mục: {name}")
            is_good = [key.has_signed(said, by) for key in wanted] == [True] * len(by)
            self._need(is_good, f"chữ ký sai hoặc thiếu: {name}")
        self._need(begun == set(range(len(self.keys))), "keys.txt: có khóa lạ")
        last = max([0, *(mark[1] for _, mark, _, _ in notes)])
        self._need(last == self.size, "thiếu mốc ký cuối cùng")

    def _trusted(self, fingerprint: str, printed: list[Mark]) -> None:
        known = ["", *(key.fingerprint for key in self.keys)]
        self._need(fingerprint in known, "gói ký bằng khóa khác với dấu vân tay đã cho")
        for origin, size, root in printed:
            self._need(origin == self.head["origin"], "mốc đã cho là của nhật ký khác")
            self._need(size <= self.size, f"gói bị cắt bớt: mốc đã cho có {size} mục")
            text = f"nhật ký rẽ nhánh (hoặc gói xuất thiếu) trước mốc {size} đã cho"
            self._need(root == self.roots[size], text)
        no_key = "không có --key: chưa loại trừ ký lại bằng khóa khác"
        no_mark = "không có --checkpoint: chưa loại trừ cắt bớt phần cuối"
        self.unchecked += [] if fingerprint else [no_key]
        self.unchecked += [] if printed else [no_mark]
        self.unchecked += ["stamps/: dùng openssl ts"] if self._named("stamps/") else []


def main() -> int:
    """Chạy từ dòng lệnh."""
    parser = argparse.ArgumentParser(description="Kiểm tra gói minh chứng.")
    parser.add_argument("folder", nargs="?", default=Path(__file__).parent, type=Path)
    parser.add_argument("--key", default="", help="dấu vân tay khóa, 64 chữ số hệ 16")
    parser.add_argument("--checkpoint", action="append", default=[], type=Path)
    asked = parser.parse_args()
    bundle = Bundle(asked.folder.resolve())
    bundle.check(asked.key, tuple(p.read_text("utf-8-sig") for p in asked.checkpoint))
    lines = [f"SAI: {fault}" for fault in bundle.faults[:50]]
    lines += [f"CHƯA KIỂM: {text}" for text in bundle.unchecked]
    lines += [f"{bundle.size} mục, {bundle.full} mục đầy đủ, mã gốc {bundle.root()}"]
    lines += [f"SAI: {len(bundle.faults)} chỗ" if bundle.faults else "ĐÚNG", ""]
    sys.stdout.buffer.write("\n".join(lines).encode())
    return 1 if bundle.faults else 0


if __name__ == "__main__":
    sys.exit(main())
