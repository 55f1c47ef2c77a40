"""To which unit does an account of a platform belong?"""

from __future__ import annotations

from bot.config import Config
from bot.config_channels import Facebook, Zalo


class Registry:
    """Pages and Official Accounts by id; built once from the configuration."""

    def __init__(self, config: Config) -> None:
        self.zalo: dict[str, tuple[str, Zalo]] = {}
        self.zalo_apps: dict[str, list[tuple[str, Zalo]]] = {}
        self.facebook: dict[str, tuple[str, Facebook]] = {}
        for unit_id, unit in config.units.items():
            self._add_zalo(unit_id, unit.channels.zalo)
            self._add_facebook(unit_id, unit.channels.facebook)

    def _add_zalo(self, unit_id: str, zalo: Zalo | None) -> None:
        if zalo is not None:
            self.zalo[zalo.oa_id] = (unit_id, zalo)
            self.zalo_apps.setdefault(zalo.app_id, []).append((unit_id, zalo))

    def _add_facebook(self, unit_id: str, facebook: Facebook | None) -> None:
        if facebook is not None:
            self.facebook[facebook.page_id] = (unit_id, facebook)

    @property
    def facebook_secrets(self) -> tuple[str, ...]:
        """The app secrets in use, each once."""
        return tuple(dict.fromkeys(fb.app_secret for _, fb in self.facebook.values()))

    @property
    def verify_tokens(self) -> frozenset[str]:
        """The tokens with which a page's webhook may be subscribed."""
        return frozenset(fb.verify_token for _, fb in self.facebook.values())
