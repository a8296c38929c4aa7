"""Language detection: scripts that one language owns, function words of the packs, then langdetect."""

from __future__ import annotations

from functools import cache

import pytest

from cleaner import clean_html, clean_text
from cleaner.evidence import COLUMNS, Matrix, observe
from cleaner.language import Detector, detect, fitting_languages, foreign_languages
from cleaner.pack import builtin_heads
from cleaner.readers.text import read_text

# One sentence about a closed bridge each, as a short local report has it.
SAMPLES = {
    "ar": "قال رئيس البلدية إن الجسر القديم سيبقى مغلقا حتى نهاية الشهر، وإن الحافلات ستمر من الطريق الجديد.",
    "cs": "Starosta řekl, že starý most bude zavřený do konce měsíce a že autobusy pojedou po nové silnici.",
    "da": "Borgmesteren siger, at den gamle bro bliver lukket hele måneden, og at busserne må køre ad en anden vej.",
    "de": "Der Bürgermeister sagte, dass die alte Brücke bis Ende Mai geschlossen bleibt und die Busse anders fahren.",
    "el": "Ο δήμαρχος είπε ότι η παλιά γέφυρα θα μείνει κλειστή ως το τέλος του μήνα.",
    "en": "The mayor said that the old bridge would stay closed until the end of the month.",
    "fa": "شهردار گفت که پل قدیمی تا پایان ماه بسته می‌ماند و اتوبوس‌ها از جاده جدید می‌روند.",
    "hi": "महापौर ने कहा कि पुराना पुल महीने के अंत तक बंद रहेगा और बसें नई सड़क से जाएंगी।",
    "hr": "Gradonačelnica je u ponedjeljak rekla da će se škola zatvoriti do kraja mjeseca jer krov više nije siguran.",
    "hy": "Քաղաքապետն ասաց, որ հին կամուրջը փակ կլինի մինչև ամսվա վերջը, և ավտոբուսները կգնան նոր ճանապարհով։",
    "id": "Wali kota mengatakan bahwa jembatan lama itu akan ditutup sampai akhir bulan dan bus akan lewat jalan baru.",
    "ja": "市長は、古い橋は月末まで閉鎖され、バスは新しい道を通ると述べた。",
    "ka": "მერმა თქვა, რომ ძველი ხიდი თვის ბოლომდე დაკეტილი იქნება და ავტობუსები ახალი გზით ივლიან.",
    "ko": "시장은 낡은 다리가 월말까지 폐쇄되고 버스는 새 도로로 다닐 것이라고 말했다.",
    "nb": "Ordføreren sier at den gamle broen skal være stengt ut måneden, og at bussene må kjøre en annen vei.",
    "pl": "Burmistrz zapowiedział, że most na rzece będzie zamknięty do końca kwietnia, a autobusy pojadą przez wieś.",
    "sr": "Градоначелник је рекао да ће стари мост бити затворен до краја месеца, а аутобуси ће ићи новим путем.",
    "uk": "Мер сказав, що старий міст буде закритий до кінця місяця, а автобуси поїдуть новою дорогою через село.",
    "ur": "میئر نے کہا کہ پرانا پل مہینے کے آخر تک بند رہے گا اور بسیں نئی سڑک سے جائیں گی۔",
    "vi": "Thị trưởng cho biết cây cầu cũ sẽ đóng cửa đến hết tháng và các xe buýt sẽ đi theo con đường mới.",
    "zh": "市长表示，老桥将关闭到月底，公交车将改走新路。",
}


@cache
def detector() -> Detector:
    return Detector.build(builtin_heads())


def language_of(text: str) -> str | None:
    return detect(read_text(text), detector())


def strange(page: str, language: str) -> Matrix:
    """Two columns a block: whether it speaks another language, and how much poorer in accents it is."""
    document = read_text(page)
    foreign = foreign_languages(document, language, detector(), detector().votes(document))
    observed = observe(document, (), frozenset(), foreign)
    return observed[:, [COLUMNS.index("foreign"), COLUMNS.index("unaccented")]]


@pytest.mark.parametrize("language", SAMPLES)
def test_one_sentence_tells_the_language(language: str) -> None:
    assert language_of(SAMPLES[language]) == language


@pytest.mark.parametrize("text", ["", "12:34", "… – …", "\u200b", "1999 2000"])
def test_where_nothing_tells_the_language_is_none(text: str) -> None:
    assert language_of(text) is None


def test_the_longest_blocks_decide_not_the_widgets_around_them() -> None:
    page = "\n".join(["Read more", "Share this", "Subscribe now", SAMPLES["pl"], SAMPLES["pl"], "Sign in"])
    assert language_of(page) == "pl"


def test_the_same_page_always_gives_the_same_answer() -> None:
    text = "Oslo Bergen Trondheim Stavanger"
    assert len({language_of(text) for _ in range(5)}) == 1


def test_function_words_shared_by_many_languages_weigh_less() -> None:
    votes = detector().votes(read_text("the mayor said that a boat"))[0]
    english = detector().languages.index("en")
    others = [vote for at, vote in enumerate(votes) if at != english]
    assert max(others) < votes[english] / 2


def test_a_page_is_met_with_its_language_its_kin_and_english() -> None:
    assert fitting_languages("xx", {"xx": ("yy", "zz")}) == ("xx", "yy", "zz", "en", "common")
    assert fitting_languages("en", {}) == ("en", "common")
    assert fitting_languages(None, {}) == ("en", "common")


def test_a_block_of_another_language_than_the_page_is_strange() -> None:
    page = "\n".join([SAMPLES["pl"], SAMPLES["en"], SAMPLES["pl"]])
    assert strange(page, "pl")[:, 0].tolist() == [0.0, 1.0, 0.0]


def test_a_block_without_the_accents_of_the_page_stands_out() -> None:
    """The second column is how much poorer in accented letters a block is than the page's prose."""
    prose = "Łączę żółtą gęś ze źdźbłem, a święto trwa już całą noc i jeszcze trochę dłużej niż zwykle w tę porę."
    unaccented = strange(f"{prose}\nLista plac i premii pracownikow urzedu", "pl")
    assert unaccented[1, 1] > unaccented[0, 1]
    assert unaccented[1, 1] > 0.1


def test_the_caller_may_say_the_language() -> None:
    assert clean_text("12:34", language="pl").language == "pl"
    assert clean_html("<p>12:34</p>", language="pl").language == "pl"
