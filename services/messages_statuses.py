"""What a status says to a person when nobody had a better sentence for it."""

from utils.translation import N_
from utils.translation import gettext as _

SENTENCES = {
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
OTHER = N_("That request cannot be answered here.")


def sentence(status: int) -> str:
    return _(SENTENCES.get(status, OTHER))
