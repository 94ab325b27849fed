from tests.trakt.connected import connected
from tests.trakt.fakes import fake_trakt, linked, waits

__all__ = ["connected", "fake_trakt", "linked", "waits"]
