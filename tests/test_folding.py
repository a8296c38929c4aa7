"""Folding: one spelling for many, so that one wording in a pack meets all of a newsroom's variants."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cleaner.folding import fold, fold_offsets, key

SAME = {
    "case": ("READ ALSO", "Read Also", "read also"),
    "Latin diacritics": ("Čtěte také", "CTETE TAKE", "čtete také"),
    "diacritics as marks of their own": ("caf\u00e9", "cafe\u0301", "cafe"),
    "stroked letters": ("Łódź", "lodz", "ŁODZ"),
    "Turkish dotless i": ("IŞIK", "ışık", "isik"),
    "Vietnamese tones": ("Đường phố", "duong pho"),
    "full-width letters": ("ＲＥＡＤ ＭＯＲＥ", "read more"),
    "quotes": ("„tide“", "«tide»", "“tide”", '"tide"'),
    "dashes": ("quay – tide", "quay — tide", "quay - tide"),
    "digits of all scripts": ("2026", "٢٠٢٦", "२०२६", "２０２６", "۲۰۲۶"),
    "white space": ("read  more", "read\u00a0more", "read\t more", "read\u2003more"),
    "zero-width and direction marks": ("re\u200bad", "\u202eread\u202c", "read\ufeff", "re\u00adad"),
    "Arabic letter variants": ("إقرأ أيضا", "اقرا ايضا"),
    "Persian and Arabic letters": ("کتاب یک", "كتاب يك"),
    "harakat and tatweel": ("صُورَة", "صـــورة", "صوره"),
    "niqqud": ("תְּמוּנָה", "תמונה"),
    "Cyrillic look-alikes of Latin letters": ("\u0441\u0430\u0440", "cap"),
    "Russian yo": ("ещё", "еще"),
    "Greek tonos and final sigma": ("ΔΕΊΤΕ ΕΠΊΣΗΣ", "δειτε επισησ"),
}


@pytest.mark.parametrize("spellings", SAME.values(), ids=list(SAME))
def test_spellings_that_fold_to_one(spellings: tuple[str, ...]) -> None:
    assert len({fold(spelling) for spelling in spellings}) == 1


DIFFERENT = {
    "Indic vowel signs": ("कि", "की"),
    "kana voicing": ("か", "が"),
    "Hangul syllables": ("가", "각"),
    "simplified and traditional Chinese": ("关联", "關聯"),
    "sharp s is not ss": ("Straße", "Strasse"),
    "Thai vowels": ("ที", "ทา"),
}


@pytest.mark.parametrize("words", DIFFERENT.values(), ids=list(DIFFERENT))
def test_spellings_that_are_other_words_stay_apart(words: tuple[str, str]) -> None:
    assert fold(words[0]) != fold(words[1])


def test_folding_twice_changes_nothing() -> None:
    for spellings in (*SAME.values(), *DIFFERENT.values()):
        for spelling in spellings:
            assert fold(fold(spelling)) == fold(spelling)


def test_line_ends_stay_and_windows_ones_count_once() -> None:
    assert fold("One\nTwo\r\nThree\n\nFour") == "one\ntwo\nthree\n\nfour"


def test_lone_surrogates_pass_through() -> None:
    assert fold("A\ud800B") == "a\ud800b"


@pytest.mark.parametrize("text", ["", "a", "\u200b\u200b", "Ça  va\u200b ?", "\u202e", "кот, ДОМ\r\nдым"])
def test_every_folded_character_knows_where_it_came_from(text: str) -> None:
    """Origins rise strictly, and folding the character at an origin gives the folded character."""
    folded, origins = fold_offsets(text)
    assert len(origins) == len(folded) + 1
    assert origins[-1] == len(text)
    assert all(first < second for first, second in pairwise(origins))
    assert all(fold(text[origin]) == character for character, origin in zip(folded, origins, strict=False))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("▶ 3. Read also:", "read also"),
        ("»»  ФОТО  ««", fold("фото")),
        ("[x]", "x"),
        ("12. 34", ""),
        ("— Δείτε επίσης —", "δειτε επισησ"),
        ("इसे भी पढ़ें :", fold("इसे भी पढ़ें")),
    ],
)
def test_the_key_of_a_line_drops_bullets_digits_and_punctuation_around_it(line: str, expected: str) -> None:
    assert key(fold(line)) == expected
