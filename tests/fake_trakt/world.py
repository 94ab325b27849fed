"""What the fake Trakt remembers: apps, accounts, titles, tokens and codes."""

import secrets
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.fake_trakt.accounts import Account
from tests.fake_trakt.catalogue import SHOW, Catalogue, Title
from utils import instants

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"
WEEK = 7 * 24 * 60 * 60


@dataclass
class TrackedApp:
    """An API app; Trakt forgets apps of owners without VIP (`removed`)."""

    name: str
    client_id: str
    secret: str
    redirects: list[str]
    removed: bool = False


@dataclass
class Grant:
    """One pair of tokens; a refresh makes a new one and ends this one."""

    account: Account
    client_id: str
    access: str
    refresh: str
    created_at: datetime
    lifetime: int  # seconds
    ended: bool = False

    @property
    def expires_at(self) -> datetime:
        return self.created_at + timedelta(seconds=self.lifetime)


@dataclass
class Code:
    account: Account
    client_id: str
    redirect_uri: str
    challenge: str
    created_at: datetime


@dataclass
class DeviceCode:
    client_id: str
    device_code: str
    user_code: str
    expires_at: datetime
    interval: int
    asked_at: datetime | None = None
    account: Account | None = None
    denied: bool = False
    used: bool = False


@dataclass
class World:
    lifetime: int = WEEK  # of an access token, in seconds
    interval: int = 5  # seconds between two questions about a device code
    catalogue: Catalogue = field(default_factory=Catalogue)
    apps: dict[str, TrackedApp] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    codes: dict[str, Code] = field(default_factory=dict)
    devices: dict[str, DeviceCode] = field(default_factory=dict)
    trending: list[Title] = field(default_factory=list)
    popular: list[Title] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)  # all that must never be seen elsewhere
    lock: threading.RLock = field(default_factory=threading.RLock)
    _by_access: dict[str, Grant] = field(default_factory=dict, repr=False)

    def now(self) -> datetime:
        return instants.now()

    def register(self, name: str = "movie-night", redirects: Iterable[str] = ()) -> TrackedApp:
        made = TrackedApp(name, self.secret("id-"), self.secret("secret-"), list(redirects))
        made.redirects.append(OUT_OF_BAND)
        self.secrets.discard(made.client_id)  # it is shown to browsers
        self.apps[made.client_id] = made
        return made

    def account(self, username: str, **details: Any) -> Account:
        made = Account(username, self.now, **details)
        self.accounts[username] = made
        return made

    def film(self, tmdb: int | None, title: str, year: int | None = 2001, **more: Any) -> Title:
        return self.catalogue.add(tmdb, title, year, **more)

    def show(self, tmdb: int | None, title: str, year: int | None = 2001, **more: Any) -> Title:
        return self.catalogue.add(tmdb, title, year, SHOW, **more)

    def grant(self, account: Account, client_id: str) -> Grant:
        access, refresh = self.secret("access-"), self.secret("refresh-")
        made = Grant(account, client_id, access, refresh, self.now(), self.lifetime)
        self.grants.append(made)
        self._by_access[access] = made
        return made

    def bearer(self, access: str, client_id: str) -> Account | None:
        """Whose valid token it is."""
        grant = self._by_access.get(access)
        if not grant or grant.ended or grant.client_id != client_id:
            return None
        return grant.account if self.now() < grant.expires_at else None

    def by_refresh(self, refresh: str) -> Grant | None:
        return next((each for each in reversed(self.grants) if each.refresh == refresh), None)

    def expire(self, account: Account | None = None) -> None:
        """Access tokens die now; refresh tokens stay."""
        for grant in self.grants:
            if account in (None, grant.account):
                grant.lifetime = 0

    def disconnect(self, account: Account) -> None:
        """The member removed the app at Trakt: both tokens are dead."""
        for grant in self.grants:
            if grant.account is account:
                grant.ended = True

    def decide(self, user_code: str, account: Account, approve: bool = True) -> bool:
        """What happens on the activation page."""
        for device in self.devices.values():
            if device.user_code == user_code.strip().upper():
                device.account, device.denied = (account, False) if approve else (None, True)
                return True
        return False

    def secret(self, kind: str) -> str:
        made = kind + secrets.token_hex(24)
        self.secrets.add(made)
        return made
