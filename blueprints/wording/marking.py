"""Texts that stand in a table are marked for translation there, and looked up when shown."""


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    return text
