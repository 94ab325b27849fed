"""Every string in the household's language; without a catalogue it stays as it is written.

The standard library's own functions look for the catalogue's file again at every string, which was
two thirds of what a page of past weeks cost.
"""

from gettext import translation

CATALOGUE = translation("messages", fallback=True)
gettext, ngettext = CATALOGUE.gettext, CATALOGUE.ngettext


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark a constant for translation, which happens when it is shown."""
    return text
