"""What a thumb and an eye meet on each page: room to tap, and the posters without scrolling."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Screen
from tests.conftest import Clock, Household, Person

pytestmark = pytest.mark.browser

NARROWEST = {"width": 320, "height": 640}
SMALL = """() => Array.from(document.querySelectorAll("a, button, select, summary, input, label"))
  .filter((each) => !each.matches(".skip, .visually-hidden, [type=hidden], .field > label"))
  .map((each) => [each, (each.closest(".tick, .switch") || each).getBoundingClientRect()])
  .filter(([each, box]) => box.width && (box.width < 43.5 || box.height < 43.5))
  .map(([each, box]) => each.outerHTML.slice(0, 120) + ` ${box.width} x ${box.height}`)"""


@pytest.fixture
def as_member(screen: Callable[..., Screen], server: str) -> Callable[..., Page]:
    def open_one(person: Person, size: dict[str, int] = PHONE) -> Page:
        cookie = person.client.get_cookie("movie_night")
        assert cookie
        page = screen(size).page
        page.context.add_cookies([{"name": "movie_night", "value": cookie.value, "url": server}])
        return page

    return open_one


def test_whatever_can_be_pressed_has_room_for_a_thumb(
    household: Household, clock: Clock, as_member: Callable[..., Page]
) -> None:
    household.nominate(238, 120, 105, 278)
    page = as_member(household.ana, NARROWEST)

    def assert_room(*urls: str) -> None:
        for url in urls:
            page.goto(url)
            assert page.evaluate(SMALL) == [], url
            assert page.locator("main").bounding_box()["width"] <= 320  # type: ignore[index]

    assert_room("/", "/who", f"/who?member={household.ana.id}", "/search?q=star", "/films/238")
    clock.to(4, 19)
    household.ana.send("/weeks/2026-W47/watched", tmdb_id=238, members=["Ana", "Ben"])
    assert_room("/", "/history", "/weeks/2026-W47", "/settings", "/admin")
    assert_room("/admin/trakt", "/admin/jobs", "/admin/audit", "/settings/audit", "/help/trakt")


def test_a_phone_shows_the_first_films_whole_while_voting(
    household: Household, as_member: Callable[..., Page]
) -> None:
    household.nominate(105, 120, 238, 278)
    page = as_member(household.dan)
    page.goto("/")
    vote = page.get_by_role("button", name="Vote Back to the Future").bounding_box()
    pages = page.get_by_role("navigation", name="Pages").bounding_box()
    assert vote
    assert pages
    assert vote["y"] + vote["height"] <= pages["y"]


def test_the_pages_stay_on_one_line_for_an_admin(
    household: Household, as_member: Callable[..., Page]
) -> None:
    page = as_member(household.ana, NARROWEST)
    page.goto("/")
    links = page.get_by_role("navigation", name="Pages").get_by_role("link")
    boxes = [link.bounding_box() for link in links.all()]
    assert len({box["y"] for box in boxes if box}) == 1


def test_an_endless_title_takes_five_lines_of_its_card(
    household: Household, as_member: Callable[..., Page]
) -> None:
    for person, title in ((household.ana, "W" * 300), (household.ben, "never ending " * 23)):
        person.send("/nominations", tmdb_id=910_000_000 + person.id, title=title)
    page = as_member(household.dan)
    page.goto("/")
    shown = page.locator(".card__title bdi")
    assert shown.count() == 2
    for line in shown.all():
        box = line.bounding_box()
        assert box
        assert box["width"] <= 160
        assert 80 <= box["height"] <= 5 * 24
        assert line.evaluate("(each) => each.scrollWidth <= each.clientWidth")


def test_a_face_stays_within_its_circle(
    household: Household, as_member: Callable[..., Page]
) -> None:
    for person, icon in zip(household.everyone, ["🦊", "👩‍👩‍👧‍👦", "WWW", "👩🏽‍🚀"], strict=True):
        person.submit("/settings/icon", icon=icon)
    page = as_member(household.dan, NARROWEST)
    for url in ("/", "/who"):
        page.goto(url)
        for face in page.locator("main .avatar").all():
            circle, icon_box = face.bounding_box(), face.locator(".avatar__icon").bounding_box()
            assert circle
            assert icon_box
            assert icon_box["width"] <= circle["width"]
            assert icon_box["height"] <= circle["height"]


def test_a_date_among_my_ratings_stays_on_one_line(
    household: Household, clock: Clock, as_member: Callable[..., Page]
) -> None:
    clock.now = clock.now.replace(month=9, day=30)  # the longest date there is
    title = "Kindergartenweihnachtsbescherung"
    household.ana.send("/nominations", tmdb_id=910_000_001, title=title)
    household.ana.send("/films/910000001/rating", rating=10)
    page = as_member(household.ana, PHONE)
    page.goto("/my-ratings")
    date = page.locator("time").first
    assert date.inner_text() == "30 Sep 2026"
    assert len(date.evaluate("(each) => Array.from(each.getClientRects())")) == 1
    assert page.locator("table").bounding_box()["width"] == PHONE["width"] - 2 * 16  # type: ignore[index]
