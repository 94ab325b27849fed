"""Every sentence that stands for a code: refusals, Trakt's failures, tie rules, audit actions.

Tables are marked for translation where they are written (`N_`), and translated and filled in when
they are shown.
"""

from collections.abc import Mapping
from typing import Any

from utils.translation import N_, ngettext
from utils.translation import gettext as _

# Code of a Refused -> HTTP status and sentence.
REFUSALS: dict[str, tuple[int, str]] = {
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
    # Trakt.
    "too_often": (429, N_("That was too often. Please wait a second.")),
    "trakt_busy": (
        503,
        N_("Others are waiting for Trakt already. Please try again in a moment."),
    ),
    "not_this_member": (403, N_("That is somebody else’s Trakt.")),
    "trakt_no_redirect": (
        409,
        N_("Signing in at Trakt needs PUBLIC_URL, which the server was not told. Use a code."),
    ),
    "trakt_value_odd": (
        422,
        N_(
            "The client ID and the secret are letters and digits, without a blank or a break."
            " Copy each whole from Trakt."
        ),
    ),
    "trakt_app_fixed": (
        409,
        N_("The server’s environment names the Trakt app. Change it there, and restart."),
    ),
    "trakt_id_refused": (
        409,
        N_("Trakt does not accept this client ID. Copy it from Trakt once more."),
    ),
    "trakt_secret_refused": (
        409,
        N_("Trakt knows the app, but does not accept this secret. Copy it from Trakt once more."),
    ),
    "trakt_slug_odd": (
        422,
        N_("An account’s name at Trakt is what follows /users/ in the address of its page."),
    ),
    "no_reservation": (404, N_("That account is not kept for anybody.")),
    "trakt_denied": (403, N_("You said no at Trakt, so nothing was linked.")),
    "trakt_sign_in_failed": (409, N_("Trakt broke off the sign-in. Please begin again.")),
    "trakt_state": (
        403,
        N_(
            "That sign-in was begun too long ago, in another browser, or is done already."
            " Please begin again."
        ),
    ),
    "trakt_no_code": (400, N_("Trakt sent you back without a code. Please begin again.")),
    "trakt_code_refused": (409, N_("Trakt did not accept the sign-in. Please begin again.")),
    "trakt_account_taken": (
        409,
        N_(
            "Somebody else here has linked this Trakt account. Sign in at Trakt as yourself,"
            " or ask an admin to let members share one."
        ),
    ),
    "trakt_account_reserved": (
        409,
        N_("An admin keeps this Trakt account for somebody else. Sign in at Trakt as yourself."),
    ),
    "wrong_key": (
        503,
        N_(
            "The encryption key is not the one that sealed this household’s Trakt links: put"
            " back the old TRAKT_ENCRYPTION_KEY, or token-key in the data folder. If it is"
            " lost, “flask forget-trakt” lets everybody link again. Nothing was changed."
        ),
    ),
    "trakt_token_over": (
        409,
        N_("The token of this link is past its time. A sync renews it, if Trakt still agrees."),
    ),
    "device_unknown": (404, N_("Trakt does not know this code. Get a new one.")),
    "device_used": (409, N_("This code was used already. Get a new one.")),
    "device_expired": (409, N_("This code’s time is up. Get a new one.")),
    "device_denied": (409, N_("You said no at Trakt. Get a new code if that was a slip.")),
}
# Refusals whose number may be one: the name of its value, and the sentence for one.
REFUSALS_OF_ONE = {
    "pin_locked": ("seconds", N_("Too many wrong PINs. Please wait {seconds} second.")),
    "votes_used": ("most", N_("You have used your vote. Take it back first.")),
    "nominations_used": ("most", N_("You have nominated already. Withdraw your film first.")),
}

# Code of a TraktError -> what happened and the next step, for the member whose account it is.
TRAKT = {
    "not_configured": N_("Trakt is not set up here. An admin can enter the Trakt app."),
    "app_refused": N_(
        "Trakt refuses this household’s app: it was removed, or its owner’s VIP has ended."
        " An admin can check it."
    ),
    "reconnect": N_("Trakt has ended this link. Please link your account again."),
    "account_limit": N_(
        "Your Trakt list is full. Remove something there, or get more room with Trakt VIP."
    ),
    "vip_only": N_("Trakt offers this to VIP members only."),
    "locked": N_("Trakt has locked this account. Please ask Trakt’s support."),
    "not_found": N_("Trakt does not know this title or list, or keeps it private."),
    "invalid": N_("Trakt did not accept this. Look at it again, or drop it."),
    "conflict": N_("Trakt shows you watching something else already. Stop that one first."),
    "slow_down": N_("Trakt asks us to slow down. It goes on by itself in a while."),
    "unavailable": N_("Trakt does not answer right now. What is waiting is sent later."),
    "blocked": N_(
        "Trakt’s gatekeeper turns this server away. It is tried again later; if it lasts,"
        " an admin can look into the guide."
    ),
    "garbage": N_("Trakt’s answer made no sense. It is asked again later."),
    "failed_here": N_("A fault here, not at Trakt, ended the sync. It is tried again by itself."),
}
# The same for who waits for the answer: what they asked for is not repeated by itself.
TRAKT_WAITED_FOR = {
    "slow_down": N_("Trakt asks us to slow down. Please try again in a minute."),
    "unavailable": N_("Trakt does not answer right now. Please try again in some minutes."),
    "blocked": N_(
        "Trakt’s gatekeeper turns this server away. Please try again later; if it lasts, an admin"
        " can look into the guide."
    ),
    "garbage": N_("Trakt’s answer made no sense. Please try again in some minutes."),
}
# The same for an admin who checks the app, without the usual advice to ask an admin.
TRAKT_APP_CHECK = {
    "app_refused": N_(
        "Trakt answers, but refuses this app (403): it was removed, its owner’s VIP has ended,"
        " or the client ID is not copied whole."
    ),
}
# The same for the other members, in few words.
TRAKT_OTHERS = {  # codes of trakt/errors.py, as the others are told them
    "not_configured": N_("Trakt is not set up here"),
    "app_refused": N_("Trakt refuses this household’s app"),
    "blocked": N_("Trakt turns this server away for now"),
    "reconnect": N_("the link with Trakt has ended"),
    "account_limit": N_("the list at Trakt is full"),
    "vip_only": N_("Trakt keeps this for VIP members"),
    "locked": N_("Trakt has locked the account"),
    "not_found": N_("Trakt does not know this film"),
    "invalid": N_("Trakt did not accept it"),
    "conflict": N_("Trakt shows them watching something else"),
    "slow_down": N_("Trakt asks us to wait a while"),
    "unavailable": N_("Trakt does not answer right now"),
    "garbage": N_("Trakt’s answer made no sense"),
}
# Code -> anchor of its heading in docs/trakt.md; Trakt's failures have their own code as heading.
GUIDE_ANCHORS = {  # the code of what is no error of Trakt's -> the anchor of its heading
    "trakt_account_taken": "account-taken",
    "trakt_account_reserved": "account-reserved",
    "trakt_id_refused": "client-id-refused",
    "trakt_secret_refused": "secret-refused",
    "trakt_busy": "unavailable",
    "trakt_no_redirect": "no-address",
    "trakt_denied": "linking-your-account",
    "trakt_sign_in_failed": "sign-in-ended",
    "trakt_state": "sign-in-ended",
    "trakt_no_code": "sign-in-ended",
    "trakt_code_refused": "sign-in-ended",
    "device_unknown": "code-ended",
    "device_used": "code-ended",
    "device_expired": "code-ended",
    "device_denied": "code-ended",
    "wrong_key": "wrong-key",
    "failed_here": "failed-here",
}
GUIDE_DEFAULT = "when-something-does-not-work"

# HTTP status -> sentence where no refusal has a better one.
HTTP_STATUSES = {
    400: N_("That request makes no sense."),
    401: N_("Please say who is watching first."),
    403: N_("That is not yours to do."),
    404: N_("There is nothing at this address."),
    405: N_("This address does not do that."),
    406: N_("That cannot be sent in the form that was asked for."),
    408: N_("That took too long to arrive. Please try again."),
    409: N_("Somebody else changed that in the meantime. Please look again."),
    410: N_("That is gone."),
    411: N_("Say how long it is before sending it."),
    412: N_("That has changed in the meantime. Please look again."),
    413: N_("That is too much at once."),
    414: N_("This address is too long."),
    415: N_("Send a form or JSON."),
    416: N_("That part does not exist: the whole is shorter."),
    417: N_("The server cannot do what that request expects."),
    428: N_("Please look at it again before changing it."),
    429: N_("That was too often. Please wait a little."),
    431: N_("That request carries too much around it."),
    500: N_("Something went wrong here. Nothing was changed."),
    501: N_("The server does not know how to do that."),
    502: N_("Somebody we asked gave no sensible answer. Please try again."),
    503: N_("The server cannot do that just now. Please try again."),
    504: N_("Somebody we asked took too long. Please try again."),
}
OTHER_STATUS = N_("That request cannot be answered here.")

# Rule of a result -> why a film has its place. A tie is told against one rival or several.
RESULTS_WITHOUT_RIVAL = {
    "no_votes": N_("Nobody voted, so there is no winner."),
    "no_nominations": N_("Nobody nominated a film, so there is no winner."),
    "imported": N_("As the old app recorded it."),
}
TIE_WITH_ONE = {
    "seen": N_("{title} has been seen by {seen} at home, {rival_title} by {rival_seen}."),
    "waited": N_("{proposer} has waited longer for a win ({waiting}) than {rival_proposer}."),
    "earlier": N_("{title} was nominated earlier than {rival_title}."),
}
TIE_WITH_SEVERAL = {
    "seen": N_("{title} has been seen by {seen} at home, each of the others by more."),
    "waited": N_("{proposer} has waited longest for a win ({waiting})."),
    "earlier": N_("{title} was nominated first."),
}
# Of several films with as many votes, those that were still level when the rule decided.
TIE_STILL_LEVEL = {
    "waited": N_("{films} with {votes} each, {level} of them seen by as few at home; {why}"),
    "earlier": N_("{films} with {votes} each, {level} of them level in everything else; {why}"),
}

# Action of the audit log -> sentence.
AUDIT = {
    "set_up": N_("{who} set up the household."),
    "imported": N_("The old app’s records came in."),
    "signed_in": N_("{who} signed in."),
    "wrong_pin": N_("{who} gave a wrong PIN for {whom}."),
    "signed_out": N_("{who} signed out."),
    "icon_changed": N_("{who} chose an icon."),
    "pin_changed": N_("{who} set a PIN of their own."),
    "pin_reset": N_("{who} gave {whom} a new PIN."),
    "pin_removed": N_("{who} took the PIN away from {whom}."),
    "member_added": N_("{who} added {whom}."),
    "renamed": N_("{who} renamed {whom}."),
    "retired": N_("{who} retired {whom}."),
    "brought_back": N_("{who} brought {whom} back."),
    "made_admin": N_("{who} made {whom} an admin."),
    "unmade_admin": N_("{who} made {whom} an ordinary member."),
    "schedule_changed": N_("{who} changed the schedule."),
    "limits_changed": N_("{who} changed the limits."),
    "country_changed": N_("{who} changed the country."),
    "voting_opened": N_("{who} opened voting."),
    "voting_opened_early": N_("Voting opened early: everybody had nominated."),
    "week_closed": N_("{who} had the votes counted."),
    "week_skipped": N_("{who} skipped the week."),
    "export_imported": N_("{who} brought in an export."),
    "linked": N_("{who} linked a Trakt account to {whom}."),
    "unlinked": N_("{who} unlinked the Trakt of {whom}."),
    "link_refused": N_("A Trakt account was not linked to {whom}."),
    "refresh_failed": N_("The Trakt link of {whom} could not be renewed."),
    "trakt_app_changed": N_("{who} entered the Trakt app."),
    "trakt_app_removed": N_("{who} removed the Trakt app."),
    "trakt_settings_changed": N_("{who} chose how Trakt works here."),
    "trakt_reserved": N_("{who} kept a Trakt account for {whom}."),
    "trakt_reservation_removed": N_("{who} freed the Trakt account kept for {whom}."),
    "backup_restored": N_("{who} put a backup in place of the database."),
    "job_run": N_("{who} ran a job by hand."),
}
# Where a member did it to themselves.
AUDIT_OWN = {  # where it is one's own
    "pin_removed": N_("{who} gave up their PIN."),
    "linked": N_("{who} linked a Trakt account."),
    "unlinked": N_("{who} unlinked their Trakt."),
}

# Step of a sync -> its progress.
SYNC_STEPS = {
    "watched": N_("Films you have seen: {done} of {total}"),
    "ratings": N_("Your ratings: {done} of {total}"),
    "watchlist": N_("Your watchlist: {done} of {total}"),
}
SYNC_BEGINNING = N_("Asking Trakt what is new …")
# Act of an outbox entry -> what it tells Trakt.
OUTBOX_ACTS = {
    "watched": N_("You have seen {title}"),
    "unwatched": N_("You have not seen {title} after all"),
    "rated": N_("You gave {title} {rating} of 10"),
    "unrated": N_("You took back your rating of {title}"),
    "listed": N_("You want to see {title}"),
    "unlisted": N_("You no longer want to see {title}"),
    "hidden": N_("{title} is not for you"),
    "started": N_("You are watching {title}"),
    "paused": N_("You paused {title}"),
    "stopped": N_("You stopped watching {title}"),
}
# Status of an outbox entry -> the end of its line on a receipt.
OUTBOX_STATUSES = {  # of a row of the outbox -> at the end of its line
    "waiting": N_("waiting"),
    "claimed": N_("on its way"),
    "sent": N_("sent"),
    "there": N_("already there"),
    "parked": N_("not sent"),
    "dropped": N_("not sent"),
}

# Timed job -> its name on the admin page.
JOBS = {
    "week": N_("Open voting, count it and begin the week"),
    "outbox": N_("Send what waits for Trakt"),
    "playing": N_("End a film that nobody stopped"),
    "sync": N_("Sync everybody whose Trakt is due"),
    "links": N_("Keep the links to Trakt alive"),
    "sessions": N_("Forget old sign-ins"),
}

# Code of the migration of the legacy app -> why a record is left out, or nothing could be read.
MIGRATION = {
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


def refusal(code: str, values: Mapping[str, Any]) -> tuple[int, str]:
    """Return the status and the sentence of a Refused."""
    status, text = REFUSALS[code]
    name, of_one = REFUSALS_OF_ONE.get(code, ("", ""))
    number = values.get(name)
    translated = ngettext(of_one, text, number) if isinstance(number, int) else _(text)
    return status, translated.format(**values)


def http_status(status: int) -> str:
    return _(HTTP_STATUSES.get(status, OTHER_STATUS))


def trakt(code: str) -> str:
    """Return what happened and what to do next; unknown codes read as an invalid response."""
    return _(TRAKT.get(code, TRAKT["garbage"]))


def trakt_waited_for(code: str) -> str:
    return _(TRAKT_WAITED_FOR[code]) if code in TRAKT_WAITED_FOR else trakt(code)


def trakt_app_check(code: str) -> str:
    return _(TRAKT_APP_CHECK[code]) if code in TRAKT_APP_CHECK else trakt_waited_for(code)


def trakt_for_others(code: str) -> str:
    return _(TRAKT_OTHERS[code]) + "."


def guide_anchor(code: str) -> str:
    """Return the anchor in docs/trakt.md of what to do about a failure."""
    if code in GUIDE_ANCHORS:
        return GUIDE_ANCHORS[code]
    return code.replace("_", "-") if code in TRAKT else GUIDE_DEFAULT


def result_reason(
    rule: str, facts: Mapping[str, Any], since: str | None = None, *, is_second: bool = False
) -> str:
    """Return why a film has its place, from the facts stored by the count (rules/tally.py).

    `facts` compare a place with those below it, so the second place leaves out the winner. `since`
    is the month of the proposer's last win, None if they never won.
    """
    if rule in RESULTS_WITHOUT_RIVAL:
        return _(RESULTS_WITHOUT_RIVAL[rule])
    votes = _votes(facts["votes"])
    if rule == "alone":
        return _alone(votes, is_second=is_second)
    if rule == "votes":
        told = {"votes": votes, "rival_votes": facts["rival_votes"] or _("none")}
        return _("{votes}; {rival_title} has {rival_votes}.").format(**{**facts, **told})
    return _tied(rule, facts, votes, since, is_second=is_second)


def _alone(votes: str, *, is_second: bool) -> str:
    if is_second:
        return _("{votes}, and it was the only other film.").format(votes=votes)
    return _("{votes}, and no other film was nominated.").format(votes=votes)


def _tied(
    rule: str, facts: Mapping[str, Any], votes: str, since: str | None, *, is_second: bool
) -> str:
    rivals, contested = facts["rivals"], facts["contested"]
    if rivals == 1:
        text = N_("{votes} each; {why}")
    elif contested < rivals:
        text = TIE_STILL_LEVEL[rule]
    else:
        text = N_("{films} with {votes} each; {why}")
    return _(text).format(
        votes=votes,
        films=_films(rivals + 1, is_second=is_second),
        level=contested + 1,
        why=_why(rule, facts, since),
    )


def _why(rule: str, facts: Mapping[str, Any], since: str | None) -> str:
    told = {
        "seen": _people(facts["seen_by"]),
        "rival_seen": _people(facts["rival_seen_by"]),
        "waiting": _("since {month}").format(month=since) if since else _("never won yet"),
    }
    sentence = (TIE_WITH_ONE if facts["contested"] == 1 else TIE_WITH_SEVERAL)[rule]
    return _(sentence).format(**{**facts, **told})


def _films(number: int, *, is_second: bool) -> str:
    if is_second:
        return ngettext("{n} other film", "{n} other films", number).format(n=number)
    return ngettext("{n} film", "{n} films", number).format(n=number)


def _people(number: int) -> str:
    return str(number) if number else _("nobody")


def _votes(number: int) -> str:
    return ngettext("{n} vote", "{n} votes", number).format(n=number)


def audit(action: str, who: str, whom: str, *, is_own: bool) -> str:
    """Return the sentence of an audit row; an action without one is shown by its name."""
    text = (AUDIT_OWN.get(action) if is_own else None) or AUDIT.get(action)
    return _(text).format(who=who, whom=whom) if text else f"{who}: {action}"


def sync_step(step: str, done: int, total: int) -> str:
    return _(SYNC_STEPS.get(step, SYNC_BEGINNING)).format(done=done, total=total)


def outbox_act(act: str, title: str, rating: int | None) -> str:
    return _(OUTBOX_ACTS[act]).format(title=title, rating=rating) + "."


def outbox_status(status: str) -> str:
    return _(OUTBOX_STATUSES[status])


def full_watchlist(most: int, *, is_vip: bool) -> str:
    """Return what a full watchlist says with the number that Trakt gives for the account."""
    if is_vip:
        text = ngettext(
            "Your Trakt watchlist is full: your VIP account has room for {n} title there."
            " Remove something at Trakt.",
            "Your Trakt watchlist is full: your VIP account has room for {n} titles there."
            " Remove something at Trakt.",
            most,
        )
    else:
        text = ngettext(
            "Your Trakt watchlist is full: a free account has room for {n} title there."
            " Remove something at Trakt, or get more room with Trakt VIP.",
            "Your Trakt watchlist is full: a free account has room for {n} titles there."
            " Remove something at Trakt, or get more room with Trakt VIP.",
            most,
        )
    return text.format(n=most)


def job(name: str) -> str:
    return _(JOBS[name]) if name in JOBS else name


def migration(code: str, values: Mapping[str, Any] | None = None) -> str:
    """Return why a record is left out or nothing could be read; an unknown code as it is."""
    return _(MIGRATION[code]).format(**(values or {})) if code in MIGRATION else code
