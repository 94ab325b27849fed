"""What the migration tells a person: why a record is left out, or why nothing could be read."""

from gettext import gettext as _


def obstacle(error: OSError) -> str:
    """A file that cannot be read or written, by its name."""
    sentences = {
        FileNotFoundError: _("There is no file {path}."),
        IsADirectoryError: _("This is a folder: {path}."),
        PermissionError: _("This user may not read or write {path}."),
    }
    sentence = sentences.get(type(error), _("{path} cannot be used: {reason}."))
    return sentence.format(path=error.filename or "?", reason=error.strerror or error)


def why(code: str) -> str:
    reasons = {
        "cut_short": _("This text is too long; its beginning is kept."),
        "damaged": _("Damaged records, so nothing was written; --skip-damaged leaves them out."),
        "key_twice": _("The file is damaged: {key!r} stands twice in one object."),
        "link_again": _("The Trakt link does not open here; this member links again."),
        "no_film": _("The nomination names no film; it would be left out with all in it."),
        "no_member": _("No member has this number."),
        "no_nomination": _("Nobody is known to have nominated this film."),
        "no_number": _("The file is not JSON: {word} is no number there."),
        "no_proposer": _("Nobody is named as having nominated this."),
        "no_tables": _("The database has none of the legacy tables; is its -wal file missing?"),
        "not_a_film_id": _("This is not the number of a film."),
        "not_a_list": _("A list was expected here."),
        "not_a_name": _("This name or title is empty, far too long, or cannot be stored."),
        "not_a_pin": _("The PIN is not four digits; without it, its member stays locked out."),
        "not_a_week": _("This is not a week like 2026-W08; it would be left out with all in it."),
        "not_an_icon": _("This icon is far too long or cannot be stored; another takes its place."),
        "not_an_object": _("An object was expected here."),
        "not_json": _("The file is not JSON: line {line}, column {column}."),
        "not_one_to_ten": _("This is not a whole rating from 1 to 10."),
        "not_ours": _("The file is not a data.json of the legacy app."),
        "not_sqlite": _("The database cannot be read: {error}."),
        "not_stars": _("This is not a whole rating from 1 to 5."),
        "not_utf8": _("The file is not UTF-8: line {line}, byte {column}."),
        "own_database": _("This is a database of Movie Night itself, not of the legacy app."),
        "server_running": _("A server is running on this data folder. Stop it first."),
        "too_deep": _("The file is nested too deeply to be a data.json."),
        "withdrawn": _("The nomination that this vote was for is not there any more."),
        "zone_unknown": _("TZ or the household's setting names no time zone: {zone!r}."),
    }
    return reasons.get(code, code)
