from rules import standings
from rules.standings import Share, Win

ANA, BEN, CLEO = 1, 2, 3


def win(week: int, member: int, year: int | None = 1999, *genres: str) -> Win:
    return Win(f"2026-W{week:02}", member, year, genres)


def test_more_wins_come_first_then_those_from_fewer_nominations() -> None:
    standing = standings.pickers({ANA: Share(2, 9), BEN: Share(3, 9), CLEO: Share(2, 8)})
    assert standings.ranked(standing) == [BEN, CLEO, ANA]
    assert standings.leaders(standing) == [BEN]


def test_who_is_level_leads_together() -> None:
    standing = standings.pickers({ANA: Share(2, 9), BEN: Share(1, 9), CLEO: Share(2, 9)})
    assert standings.leaders(standing) == [ANA, CLEO]
    assert standings.leaders({}) == []


def test_a_lucky_single_vote_is_not_the_happiest_voter() -> None:
    standing = standings.voters({ANA: Share(1, 1), BEN: Share(4, 10), CLEO: Share(3, 6)})
    assert standings.ranked(standing) == [CLEO, BEN, ANA]


def test_waiting_counts_weeks_with_a_winner_since_ones_own() -> None:
    wins = [win(1, ANA), win(2, BEN), win(5, BEN), win(9, ANA), win(10, BEN)]
    since = {ANA: "2026-W01", BEN: "2026-W01", CLEO: "2026-W05"}
    assert standings.waiting(wins, since) == {ANA: 1, BEN: 0, CLEO: 3}


def test_nobody_waits_before_the_first_winner() -> None:
    assert standings.waiting([], {ANA: "2026-W01"}) == {ANA: 0}


def test_a_film_counts_for_each_of_its_genres() -> None:
    wins = [win(1, ANA, 1999, "Drama", "Comedy"), win(2, ANA, 1999, "Comedy"), win(3, ANA)]
    assert standings.genres(wins) == [("Comedy", 2), ("Drama", 1)]


def test_decades_leave_out_films_of_no_known_year() -> None:
    wins = [win(1, ANA, 2010), win(2, ANA, 1989), win(3, ANA, 1980), win(4, ANA, None)]
    assert standings.decades(wins) == [(1980, 2), (2010, 1)]
