"""The guide to Trakt, and that every failure leads to its part of it."""

import html
import re

from blueprints.help import views
from blueprints.http.responses import guide_url
from tests.conftest import ROOT, Household
from utils import messages

CODES = {*messages.TRAKT, *messages.GUIDE_ANCHORS}


def parts(page: str) -> dict[str, str]:
    """Each heading's anchor, and the text down to the next heading."""
    found = re.split(r'<h[123] id="([^"]+)">', page)
    return dict(zip(found[1::2], map(plain, found[2::2]), strict=True))


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", "", text)).split())


def test_every_failure_leads_to_a_heading_that_is_there(household: Household) -> None:
    anchors = parts(household.cleo.page("/help/trakt"))
    with household.app.test_request_context():
        for code in [*CODES, "", "of another day"]:
            page, _, anchor = guide_url(code).partition("#")
            assert (page, anchor in anchors) == ("/help/trakt", True), code


def test_each_heading_of_a_trouble_quotes_the_sentence_that_leads_there(
    household: Household,
) -> None:
    found = parts(household.cleo.page("/help/trakt"))
    for code, sentence in messages.TRAKT.items():
        assert plain(sentence) in found[messages.guide_anchor(code)], code
    for code in ("trakt_account_taken", "trakt_account_reserved", "trakt_id_refused"):
        assert plain(messages.REFUSALS[code][1]) in found[messages.guide_anchor(code)], code


def test_links_within_the_guide_lead_somewhere(household: Household) -> None:
    page = household.cleo.page("/help/trakt")
    links = re.findall(r'href="#([^"]+)"', page.partition("<main")[2])
    assert len(links) > 6
    assert set(links) <= set(parts(page))


def test_the_guide_is_one_text_for_the_app_and_for_who_reads_the_files(
    household: Household,
) -> None:
    text = (ROOT / views.GUIDE).read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    assert [views.anchor_of(each) for each in headings] == list(
        parts(household.ana.page("/help/trakt"))
    )
    assert len(set(headings)) == len(headings), "an anchor leads to one place"
