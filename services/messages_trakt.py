"""What a person may not do with Trakt, or not yet: part of wording/sentences.py."""

from utils.translation import N_

REFUSALS: dict[str, tuple[int, str]] = {
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
