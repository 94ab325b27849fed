from utils.title_text import fold, is_within_one_edit, without_article


def test_folding_keeps_only_what_tells_titles_apart() -> None:
    expected = [
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
    ]
    assert [(text, fold(text)) for text, _key in expected] == expected
    assert [fold(key) for _text, key in expected] == [key for _text, key in expected]


def test_vowel_signs_of_indic_words_are_kept() -> None:
    assert fold("तारे") != fold("तारा")


def test_only_a_leading_article_goes() -> None:
    expected = [
        ("the matrix", "matrix"),
        ("a bugs life", "bugs life"),
        ("l avventura", "avventura"),
        ("das boot", "boot"),
        ("the", "the"),
        ("theatre", "theatre"),
        ("up the hill", "up the hill"),
        ("", ""),
    ]
    assert [(folded, without_article(folded)) for folded, _bare in expected] == expected


def test_one_slip_of_the_finger_is_near() -> None:
    expected = [
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
    ]
    assert [(a, b, is_within_one_edit(a, b)) for a, b, _near in expected] == expected
    assert [(a, b, is_within_one_edit(b, a)) for a, b, _near in expected] == expected
