import pytest

from utils.titles import fold, within_one_edit, without_article


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Amélie", "amelie"),
        ("AMÉLIE", "amelie"),
        ("Ame\u0301lie", "amelie"),
        ("Straße", "strasse"),
        ("Smørrebrød Ærlig Œuvre Łódź", "smorrebrod aerlig oeuvre lodz"),
        ("Wallace & Gromit", "wallace and gromit"),
        ("It's  a\tWonderful   Life!", "its a wonderful life"),
        ("It\u2019s", "its"),
        ("WALL·E", "wall e"),
        ("L'avventura", "l avventura"),
        ("Ёлки", "елки"),
        ("千と千尋の神隠し", "千と千尋の神隠し"),
        ("ガメラ", "ガメラ"),
        ("기생충", "기생충"),
        ("तारे ज़मीन पर", fold("तारे ज़मीन पर")),
        ("１９１７", "1917"),
        ("🎬 ... !?", ""),
        ("\x00\ud800\ufffe", ""),
        ("", ""),
    ],
)
def test_folding_keeps_only_what_tells_titles_apart(text: str, key: str) -> None:
    assert fold(text) == key
    assert fold(key) == key


def test_vowel_signs_of_indic_words_are_kept() -> None:
    assert fold("तारे") != fold("तारा")


@pytest.mark.parametrize(
    ("folded", "bare"),
    [
        ("the matrix", "matrix"),
        ("a bugs life", "bugs life"),
        ("l avventura", "avventura"),
        ("das boot", "boot"),
        ("the", "the"),
        ("theatre", "theatre"),
        ("up the hill", "up the hill"),
        ("", ""),
    ],
)
def test_only_a_leading_article_goes(folded: str, bare: str) -> None:
    assert without_article(folded) == bare


@pytest.mark.parametrize(
    ("a", "b", "near"),
    [
        ("matrix", "matrix", True),
        ("matrix", "matrx", True),
        ("matrix", "matriix", True),
        ("matrix", "matrox", True),
        ("matrix", "martix", True),
        ("matrix", "matrixx", True),
        ("matrix", "atrix", True),
        ("matrix", "amtrix", True),
        ("matrix", "matrxi", True),
        ("", "a", True),
        ("", "", True),
        ("matrix", "matr", False),
        ("matrix", "mxtrxx", False),
        ("matrix", "martxi", False),
        ("abcd", "dbca", False),
        ("abc", "cab", False),
        ("", "ab", False),
    ],
)
def test_one_slip_of_the_finger_is_near(a: str, b: str, near: bool) -> None:
    assert within_one_edit(a, b) is near
    assert within_one_edit(b, a) is near
