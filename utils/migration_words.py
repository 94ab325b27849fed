"""What the migration tells a person: why a record is left out, or why nothing could be read."""

from utils.translation import N_
from utils.translation import gettext as _

REASONS = {
    "cut_short": N_("This text is too long; its beginning is kept."),
    "damaged": N_("Damaged records, so nothing was written; --skip-damaged leaves them out."),
    "key_twice": N_("The file is damaged: {key!r} stands twice in one object."),
    "link_again": N_("The Trakt link does not open here; this member links again."),
    "no_film": N_("The nomination names no film; it would be left out with all in it."),
    "no_member": N_("No member has this number."),
    "no_nomination": N_("Nobody is known to have nominated this film."),
    "no_number": N_("The file is not JSON: {word} is no number there."),
    "no_proposer": N_("Nobody is named as having nominated this."),
    "no_tables": N_("The database has none of the legacy tables; is its -wal file missing?"),
    "not_a_film_id": N_("This is not the number of a film."),
    "not_a_list": N_("A list was expected here."),
    "not_a_name": N_("This name or title is empty, far too long, or cannot be stored."),
    "not_a_pin": N_("The PIN is not four digits; without it, its member stays locked out."),
    "not_a_week": N_("This is not a week like 2026-W08; it would be left out with all in it."),
    "not_an_icon": N_("This icon is far too long or cannot be stored; another takes its place."),
    "not_an_object": N_("An object was expected here."),
    "not_json": N_("The file is not JSON: line {line}, column {column}."),
    "not_one_to_ten": N_("This is not a whole rating from 1 to 10."),
    "not_ours": N_("The file is not a data.json of the legacy app."),
    "not_sqlite": N_("The database cannot be read: {error}."),
    "not_stars": N_("This is not a whole rating from 1 to 5."),
    "not_utf8": N_("The file is not UTF-8: line {line}, byte {column}."),
    "own_database": N_("This is a database of Movie Night itself, not of the legacy app."),
    "server_running": N_("A server is running on this data folder. Stop it first."),
    "too_deep": N_("The file is nested too deeply to be a data.json."),
    "withdrawn": N_("The nomination that this vote was for is not there any more."),
    "zone_unknown": N_("TZ or the household's setting names no time zone: {zone!r}."),
}


def why(code: str) -> str:
    return _(REASONS[code]) if code in REASONS else code


def obstacle(error: OSError) -> str:
    """A file that cannot be read or written, by its name."""
    sentences = {
        FileNotFoundError: _("There is no file {path}."),
        IsADirectoryError: _("This is a folder: {path}."),
        PermissionError: _("This user may not read or write {path}."),
    }
    sentence = sentences.get(type(error), _("{path} cannot be used: {reason}."))
    return sentence.format(path=error.filename or "?", reason=error.strerror or error)
