from tests.trakt.fakes import fake_trakt

__all__ = ["fake_trakt"]
