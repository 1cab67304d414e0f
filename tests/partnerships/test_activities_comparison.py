from partnerships.forms.comparison import side_by_side


def whole(pieces):
    return "".join(text for text, _ in pieces)


def apart(pieces):
    return [text.strip() for text, is_apart in pieces if is_apart]


def test_only_the_words_that_differ_stand_apart():
    yours, saved = (
        "We met on Monday.\nIt rained, and four came.",
        "We met on Monday.\nIt rained, and nine people came.",
    )
    left, right = side_by_side(yours, saved)
    assert (whole(left), whole(right)) == (yours, saved)
    assert (apart(left), apart(right)) == (["four"], ["nine people"])


def test_nothing_beside_something_is_all_apart():
    assert side_by_side("", "Wet") == ((), (("Wet", True),))


def test_long_texts_are_shown_whole():
    long = "word " * 4_000
    left, right = side_by_side(long, long + "more")
    assert (left, right) == (((long, False),), ((long + "more", False),))
