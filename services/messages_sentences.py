"""Refusals: codes in, sentences out. Rules and tables stay free of language."""

from rules import Refused
from services import messages_trakt
from trakt import errors
from trakt.errors import TraktError
from utils.translation import N_, ngettext
from utils.translation import gettext as _

REFUSALS: dict[str, tuple[int, str]] = {
    **messages_trakt.REFUSALS,
    # What was sent makes no sense.
    "bad_json": (400, N_("That is not valid JSON.")),
    "json_not_object": (400, N_("The JSON must be an object with named fields.")),
    "missing_field": (400, N_("“{field}” is missing.")),
    "not_text": (400, N_("“{field}” must be a text.")),
    "not_whole": (400, N_("“{field}” must be a whole number.")),
    "not_a_list": (400, N_("“{field}” must be a list of members.")),
    "not_a_choice": (400, N_("“{field}” must be yes or no.")),
    "not_an_instant": (400, N_("“{field}” must be a UTC time such as 2026-11-20T19:30:00Z.")),
    "not_a_time": (400, N_("“{field}” must be a time such as 18:30.")),
    "odd_characters": (400, N_("“{field}” holds characters that nobody can read.")),
    "content_type": (415, N_("Send a form or JSON.")),
    "text_too_long": (422, N_("“{field}” is too long: {most} characters at most.")),
    "fraction": (422, N_("“{field}” must be a whole number.")),
    "out_of_range": (422, N_("“{field}” must be between {lowest} and {highest}.")),
    # Who you are.
    "set_up_first": (401, N_("This household is not set up yet.")),
    "not_signed_in": (401, N_("Please say who is watching first.")),
    "wrong_pin": (401, N_("That is not the right PIN.")),
    "pin_locked": (429, N_("Too many wrong PINs. Please wait {seconds} seconds.")),
    "admins_only": (403, N_("Only an admin can do that.")),
    "csrf": (403, N_("This page was too old to act on. Please try again from here.")),
    "wrong_code": (403, N_("That set-up code does not fit. The server prints it when it starts.")),
    "set_up_already": (409, N_("This household has an admin already.")),
    # Members.
    "no_job": (404, N_("There is no such job.")),
    "no_member": (404, N_("There is no such member.")),
    "name_missing": (422, N_("Please give a name.")),
    "name_too_long": (422, N_("A name has at most {most} letters.")),
    "name_odd": (422, N_("A name needs letters, and no “/”.")),
    "name_taken": (409, N_("There is “{name}” already; please choose a name that differs more.")),
    "icon_odd": (422, N_("An icon is an emoji or a few letters.")),
    "pin_odd": (422, N_("A PIN is four to eight digits.")),
    "pin_common": (
        422,
        N_("That PIN is among the first that anybody tries. Please choose another."),
    ),
    "pin_same": (409, N_("That is the PIN you have already.")),
    "admin_needs_pin": (409, N_("An admin needs a PIN.")),
    "own_pin": (409, N_("Change your own PIN in your settings, where the old one is asked for.")),
    "last_admin": (409, N_("The household needs an admin: make somebody else one first.")),
    "retired": (409, N_("{name} has left the household.")),
    # The week.
    "no_week": (404, N_("Nothing is known of such a week.")),
    "not_this_week": (409, N_("That is not the week that is on.")),
    "votes_not_counted": (409, N_("The film can start once the votes are counted.")),
    "action_unknown": (400, N_("“{field}” must be start, pause or stop.")),
    "film_is_on": (409, N_("{title} is on. Stop it before you start another film.")),
    "film_not_on": (409, N_("That film is not on.")),
    "no_nomination": (404, N_("That nomination is not there.")),
    "not_nominating": (409, N_("Nominating is over for this week.")),
    "already_nominated": (409, N_("{name} has nominated this film already.")),
    "nominations_used": (
        409,
        N_("You have used your {most} nominations. Withdraw one of your films first."),
    ),
    "not_your_nomination": (403, N_("{name} nominated this film; only they can withdraw it.")),
    "not_voting": (409, N_("Voting is not open for this film.")),
    "own_film": (403, N_("That is your own film. Vote for somebody else’s.")),
    "votes_used": (409, N_("You have used your {most} votes. Take one back first.")),
    "voting_opened_already": (409, N_("Voting is open already, or over.")),
    "nothing_nominated": (
        409,
        N_("Nobody has nominated a film yet, so there is nothing to vote on."),
    ),
    "voting_not_open": (409, N_("Voting has not begun, so there is nothing to count.")),
    "week_over": (409, N_("This week is decided already.")),
    "not_a_country": (422, N_("A country is two letters, such as GB.")),
    "zone_unknown": (422, N_("There is no time zone “{zone}”. Try one like Europe/Budapest.")),
    "schedule_order": (422, N_("Nominating, voting and results must follow each other in a week.")),
    # Films.
    "no_film": (404, N_("This film is not known here.")),
    "film_coming": (404, N_("We are asking TMDB about this film. Please look again in a moment.")),
    "nobody_there": (422, N_("Say who was watching.")),
    "nobody_absent": (422, N_("Say who did not watch it.")),
    "in_the_future": (422, N_("That evening has not come yet.")),
    "too_long_ago": (422, N_("That is too long ago.")),
    "trakt_not_linked": (409, N_("This member has not linked a Trakt account.")),
    "seen_at_trakt": (
        409,
        N_("Your Trakt says that you have seen it. Take it off your history there, then sync."),
    ),
    "no_outbox_row": (404, N_("That is sent or gone already.")),
    "not_your_mark": (403, N_("Somebody else marked that for {name}.")),
    # Exports of other places.
    "no_export_chosen": (400, N_("Choose the zip file of your export first.")),
    "not_a_zip": (422, N_("That zip file cannot be read. Choose it as it was downloaded.")),
    "no_export": (
        422,
        N_("That zip holds nothing that Trakt or Letterboxd export. Is it the right file?"),
    ),
    "export_too_big": (413, N_("That zip holds more than any export does. Nothing came in.")),
    "export_too_long": (422, N_("That export has more than {most} lines. Nothing came in.")),
    "export_damaged": (
        422,
        N_("“{file}” in that zip is not what Trakt or Letterboxd export. Nothing came in."),
    ),
    # Backups, on the command line.
    "backup_exists": (409, N_("{path} is there already. Choose another name.")),
    "backup_damaged": (422, N_("That copy is damaged: {fault}. Nothing was changed.")),
    "backup_too_new": (
        409,
        N_("That copy is of a newer Movie Night (version {version}; this one knows {known})."),
    ),
    "no_backup": (404, N_("There is no file {path}.")),
    "not_a_backup": (422, N_("That is no backup of Movie Night: {path}.")),
    "not_our_database": (
        422,
        N_("That is no database of this Movie Night. For the old app’s, see migrate_json.py."),
    ),
    "disk_full": (503, N_("There is not enough free space beside the database.")),
}
# Where a number may be one: the name of its value, and the sentence for one.
OF_ONE = {
    "pin_locked": ("seconds", N_("Too many wrong PINs. Please wait {seconds} second.")),
    "votes_used": ("most", N_("You have used your vote. Take it back first.")),
    "nominations_used": ("most", N_("You have nominated already. Withdraw your film first.")),
}
# Told to somebody who waits for the answer: what they asked for is not tried again by itself.
WAITED_FOR = {
    errors.SlowDown.code: N_("Trakt asks us to slow down. Please try again in a minute."),
    errors.Unavailable.code: N_(
        "Trakt does not answer right now. Please try again in some minutes."
    ),
    errors.Blocked.code: N_(
        "Trakt’s gatekeeper turns this server away. Please try again later; if it lasts, an admin"
        " can look into the guide."
    ),
    errors.InvalidResponse.code: N_(
        "Trakt’s answer made no sense. Please try again in some minutes."
    ),
}


def refusal(refused: Refused) -> tuple[int, str]:
    """Status and sentence."""
    status, text = REFUSALS[refused.code]
    name, of_one = OF_ONE.get(refused.code, ("", ""))
    number = refused.values.get(name)
    translated = ngettext(of_one, text, number) if isinstance(number, int) else _(text)
    return status, translated.format(**refused.values)


def trakt(error: TraktError) -> tuple[int, str]:
    """503 where Trakt cannot now, 409 where somebody has to do something first."""
    waited_for = WAITED_FOR.get(error.code)
    sentence = _(waited_for) if waited_for else errors.sentence(error.code)
    return 409 if error.permanent else 503, sentence
