"""How does a request to S3-compatible storage prove whose it is? AWS Signature V4.

By hand, because no locked package gives it: forty lines against a dependency of many
megabytes (docs/adr/0038).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

ALGORITHM = "AWS4-HMAC-SHA256"
SERVICE = "s3"


@dataclass(frozen=True, slots=True)
class Account:
    """Who writes where: the region is a name of the service's own."""

    access_key: str
    secret_key: str
    region: str


def signed_headers(
    account: Account,
    method: str,
    url: str,
    body: bytes,
    at: datetime,
    more: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Return the headers to send; ``at`` is aware, ``url`` has no query."""
    stamp = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    digest = hashlib.sha256(body).hexdigest()
    parts = urlsplit(url)
    headers = {"host": parts.netloc, "x-amz-content-sha256": digest}
    headers |= {"x-amz-date": stamp} | dict(more or {})
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    path = quote(parts.path or "/", safe="/-_.~")
    canonical = f"{method}\n{path}\n\n{lines}\n{names}\n{digest}"
    scope = f"{stamp[:8]}/{account.region}/{SERVICE}/aws4_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"{ALGORITHM}\n{stamp}\n{scope}\n{hashed}"
    signature = hmac.new(_key(account, stamp[:8]), to_sign.encode(), "sha256")
    credential = f"Credential={account.access_key}/{scope}"
    proof = f"{credential},SignedHeaders={names},Signature={signature.hexdigest()}"
    return headers | {"Authorization": f"{ALGORITHM} {proof}"}


def _key(account: Account, day: str) -> bytes:
    key = f"AWS4{account.secret_key}".encode()
    for part in (day, account.region, SERVICE, "aws4_request"):
        key = hmac.new(key, part.encode(), "sha256").digest()
    return key
