"""Rule packs: wording rules in TOML, one file a language. Start reading at :func:`load_pack`.

A pack is data that anybody can extend::

    language = "pl"                 # ISO 639-1, or "common" for rules of every language
    name = "Polish"
    kin = ["cs", "sk"]              # optional: close languages whose packs fit such a page, too
    function_words = ["i", "w"]     # the 30 to 60 most frequent words, for telling the language

    [[rule]]
    id = "related.read-also"        # category first; unique in the pack
    category = "related"
    why = "A teaser line that links to another article."
    match = "label"                 # how a phrase must stand in its block, see MATCHES
    phrases = ["czytaj także", "zobacz też"]
    removes = ["Czytaj także: Pięć sposobów na tańsze ogrzewanie"]
    keeps = ["Czytaj także między wierszami, radził minister."]

In a phrase ``*`` stands for up to 80 characters, ``#`` for a number, ``@`` for one or more
capitalised names. A rule with ``pattern`` (a verbose regular expression over folded text, see
:mod:`cleaner.folding`) and ``keywords`` says what phrases cannot. ``removes`` and ``keeps`` are
tests; where a rule cuts a span, ``⟦ ⟧`` in ``removes`` mark what goes.

Faults do not stop at the first: :class:`PackError` lists all, each with file, rule, field,
consequence and mend.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import rtoml

from cleaner.folding import WORD, fold

__all__ = [
    "BEGINNING",
    "CATEGORIES",
    "MATCHES",
    "Pack",
    "PackError",
    "Rule",
    "builtin_heads",
    "builtin_languages",
    "load_builtin",
    "load_pack",
]

CATEGORIES = frozenset(
    "related teaser caption credit byline date app_promo newsletter subscribe social comments ad affiliate "
    "tags navigation copyright bio poll video paywall contact correction body".split()
)
STRENGTHS = frozenset({"strong", "weak", "keep"})
SCOPES = frozenset({"line", "span", "heads-section"})

# Matches whose phrase begins the block, behind bullets, digits and signs.
BEGINNING = frozenset({"whole", "label", "start"})
# Fewer letters stand everywhere.
SHORTEST_GATE = 2
# Longer phrases are no look-up keys.
LONGEST_LITERAL = 80

_LEAD = r"^[\W\d_]*"
_TRAIL = r"[\W\d_]*$"
_OPEN, _CLOSE = r"[(\[{（［【〔]", r"[)\]}）］】〕]"

# match -> (template of the pattern, longest block in characters it may take, the scope it implies)
MATCHES: dict[str, tuple[str, int, str]] = {
    # the block is the phrase and nothing else but bullets, digits and punctuation
    "whole": (_LEAD + "(?:PHRASE)" + _TRAIL, 200, "line"),
    # the block begins with the phrase, followed by a colon, bar, arrow or spaced dash, or by nothing
    "label": (_LEAD + r"(?:PHRASE)(?=\s*(?:[:|>→➤▶►(\[←◄◀]|…|\.\.|$)|\s+-(?=\s|$))", 300, "line"),
    # the block begins with the phrase
    "start": (_LEAD + "(?:PHRASE)", 300, "line"),
    # the block ends with the phrase
    "end": (r"(?:PHRASE)\W*$", 200, "line"),
    # the phrase stands anywhere in a block that is not longer than the limit
    "any": ("(?:PHRASE)", 200, "line"),
    # the phrase opens a bracket; the bracket is cut out
    "bracket": (rf"{_OPEN}\s*(?:PHRASE)[^()\[\]]{{0,120}}{_CLOSE}", 0, "span"),
    # the phrase with a colon begins a sentence inside a paragraph; from there to its end is cut
    "tail": (r"(?:(?<=[.!?…\"')\]。！？।۔])|(?<=[.!?…\"')\]。！？।۔] ))(?:PHRASE)\s*:.{0,250}$", 0, "span"),
}


class PackError(ValueError):
    """A pack that cannot be used. ``faults`` holds one sentence for every fault found."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Rule:
    """One wording rule. ``pattern`` runs on folded text, behind its ``keywords``.

    It is made of ``phrases`` standing as ``match`` says, or ``written`` as a regular expression.
    """

    id: str
    category: str
    why: str
    language: str
    phrases: tuple[str, ...]
    written: str
    keywords: tuple[str, ...]
    literals: tuple[str, ...]
    match: str
    scope: str
    strength: str
    longest: int
    hosts: tuple[str, ...]
    removes: tuple[str, ...]
    keeps: tuple[str, ...]
    no_near_miss: str

    def wordings(self) -> Iterator[tuple[str, str]]:
        """Each keyword of the gate with the phrase behind it; empty where the rule is ``written``.

        Literal phrases that are whole blocks are left out: they are found by look-up.
        """
        if self.written:
            yield from ((word, "") for word in self.keywords)
            return
        literal = frozenset(self.literals)
        own = set(self.keywords) != set(map(gate, self.phrases))
        for phrase in self.phrases:
            if phrase not in literal:
                yield from ((word, phrase) for word in (self.keywords if own else (self._gate(phrase),)))

    def _gate(self, phrase: str) -> str:
        """The first words of a phrase that begins its block, which few places satisfy; else the longest."""
        first = _WILD.split(phrase)[0].strip()
        return first if self.match in BEGINNING and len(first) >= SHORTEST_GATE else gate(phrase)

    def pattern(self, phrase: str) -> re.Pattern[str]:
        """The compiled pattern of one phrase (or of the whole rule); compiled when first asked for."""
        return _compiled(self.match, phrase, self.written)


@cache
def _compiled(match: str, phrase: str, written: str) -> re.Pattern[str]:
    if written:
        return re.compile(written, re.VERBOSE)
    return re.compile(MATCHES[match][0].replace("PHRASE", _phrase_pattern(phrase)))


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one language (or of one user's file) and the words that tell the language."""

    language: str
    name: str
    kin: tuple[str, ...]
    function_words: frozenset[str]
    rules: tuple[Rule, ...]


@cache
def _builtin_data() -> dict[str, dict[str, Any]]:
    """The built-in packs as read from TOML, rules not yet made; sorted by code."""
    folder = resources.files("cleaner") / "packs"
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    return {name[:-5]: rtoml.loads((folder / name).read_text("utf-8")) for name in files}


def builtin_languages() -> tuple[str, ...]:
    """Codes of the packs that come with the library, sorted; ``common`` is one of them."""
    return tuple(_builtin_data())


@cache
def load_builtin(language: str) -> Pack:
    """The pack of ``language`` that comes with the library; ``KeyError`` where there is none."""
    if language not in _builtin_data():
        raise KeyError(f"no built-in pack {language!r}; there are: {', '.join(builtin_languages())}")
    # Built-in patterns are checked by the tests, not at every start.
    return _make_pack(_builtin_data()[language], _Faults(f"{language}.toml", check_patterns=False))


@cache
def builtin_heads() -> tuple[Pack, ...]:
    """The built-in packs with their section headers alone: enough to begin with any page."""
    return tuple(
        _make_pack({**data, "rule": heads}, _Faults(f"{language}.toml", check_patterns=False))
        for language, data in _builtin_data().items()
        for heads in [[rule for rule in data["rule"] if rule.get("scope") == "heads-section"]]
    )


def load_pack(path: str | Path) -> Pack:
    """Read a pack from a file; :class:`PackError` names every fault, also an unreadable file."""
    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError([f"{path}: cannot be read ({error}); give the path of a UTF-8 TOML file"]) from error
    return parse_pack(text, str(path))


def parse_pack(text: str, name: str) -> Pack:
    """Make a :class:`Pack` of TOML ``text``; ``name`` stands for the file in error messages."""
    try:
        data = rtoml.loads(text)
    except rtoml.TomlParsingError as error:
        raise PackError([f"{name}: not valid TOML ({error}); nothing of the pack is used"]) from error
    return _make_pack(data, _Faults(name, check_patterns=True))


def _make_pack(data: dict[str, Any], faults: _Faults) -> Pack:
    language = faults.text(data, "language", "the pack", "it is never chosen for a page")
    rules = data.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        faults.add("the pack", "rule", "no rule is read", "write each rule as a [[rule]] table")
        rules = []
    parsed = [_parse_rule(rule, language, faults) for rule in rules]
    faults.repeated([str(rule.get("id", "")) for rule in rules])
    faults.unknown(data, {"language", "name", "kin", "function_words", "rule"}, "the pack")
    pack = Pack(
        language=language,
        name=str(data.get("name", language)),
        kin=faults.texts(data, "kin", "the pack"),
        function_words=frozenset(_folded(faults.texts(data, "function_words", "the pack"))),
        rules=tuple(rule for rule in parsed if rule is not None),
    )
    if faults.found:
        raise PackError(faults.found)
    return pack


_FIELDS = frozenset(
    "id category why match scope strength phrases pattern keywords longest hosts removes keeps no_near_miss".split()
)


def _parse_rule(data: dict[str, Any], language: str, faults: _Faults) -> Rule | None:
    before = len(faults.found)
    where = f"rule {data.get('id', '(no id)')!r}"
    match = faults.choice(data, "match", where, frozenset(MATCHES) | {""}, "")
    _, longest, implied_scope = MATCHES.get(match, ("", 300, "line"))
    faults.unknown(data, _FIELDS, where)
    phrases = tuple(_folded(faults.texts(data, "phrases", where)))
    pattern = data.get("pattern", "")
    if bool(phrases) == bool(pattern) or (phrases and not data.get("match")):
        mend = "give phrases with a match, or a pattern with keywords"
        faults.add(where, "phrases", "this rule has no effect", mend)
    keywords = faults.keywords(data, phrases, where)
    faults.pattern(match, phrases, str(pattern), where)
    rule = Rule(
        id=faults.text(data, "id", where, "its removals cannot be named"),
        category=faults.choice(data, "category", where, CATEGORIES, "navigation"),
        why=faults.text(data, "why", where, "its removals would stand unexplained"),
        language=language,
        phrases=phrases,
        written="" if phrases else str(pattern),
        keywords=keywords,
        literals=tuple(p for p in phrases if match == "whole" and len(p) <= LONGEST_LITERAL and not _WILD.search(p)),
        match=match,
        scope=faults.choice(data, "scope", where, SCOPES, implied_scope),
        strength=faults.choice(data, "strength", where, STRENGTHS, "strong"),
        longest=faults.count(data, "longest", where, longest) or 10**9,
        hosts=faults.texts(data, "hosts", where),
        removes=faults.texts(data, "removes", where),
        keeps=faults.texts(data, "keeps", where),
        no_near_miss=str(data.get("no_near_miss", "")),
    )
    return rule if len(faults.found) == before else None


_WILD = re.compile(r"[*#@]")
_WILD_PATTERNS = {"*": ".{0,80}?", "#": r"\d[\d.,:/ ]{0,11}", "@": r"((?:[^.!?:;|।۔]|(?<=\b\w)\.){2,80}?)"}


# Words of these scripts stand without blanks between them, so their phrases need no word boundary.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
# Behind an ASCII letter, more of its word: folded Latin, or Cyrillic with its folded look-alikes.
_LATIN_OR_CYRILLIC = r"a-z0-9_ßæœþð\u0400-\u04ff"


def _more_of_the_word(character: str) -> str:
    """The class of characters that would continue a word beside ``character``, empty where none would.

    Classes are kept small: wide ranges make a pattern ten times as slow to compile.
    """
    if _UNSPACED.match(character) or not re.match(f"[{WORD}]", character):
        return ""
    if character.isascii():
        return f"[{_LATIN_OR_CYRILLIC}]"
    if "\u0900" <= character <= "\u0dff":  # \w misses the vowel signs of Indic scripts
        script = ord(character) & ~0x7F
        return rf"[\w{chr(script)}-{chr(script + 0x63)}{chr(script + 0x66)}-{chr(script | 0x7F)}]"
    return r"\w"


def _phrase_pattern(phrase: str) -> str:
    """A folded phrase as a regular expression; every group in it stands for an ``@``."""
    parts = (_WILD_PATTERNS.get(part) or re.escape(part) for part in re.split(r"([*#@])", phrase) if part)
    # Names begin with a word; trying every letter of one would cost many times as much.
    before = r"[^\W_]" if phrase[:1] == "@" else _more_of_the_word(phrase[:1])
    after = _more_of_the_word(phrase[-1:])
    pattern = (f"(?<!{before})" if before else "") + "".join(parts) + (f"(?!{after})" if after else "")
    return pattern.replace(r"\ " + _WILD_PATTERNS["@"], "(?: ?[:|-] ?| )" + _WILD_PATTERNS["@"])


def _folded(texts: tuple[str, ...]) -> list[str]:
    """All texts folded in one go; line ends survive folding."""
    return fold("\n".join(text.replace("\n", " ") for text in texts)).split("\n") if texts else []


def gate(phrase: str) -> str:
    """The longest literal part of a phrase: what the keyword automaton looks for."""
    return max((part.strip() for part in _WILD.split(phrase)), key=len)


class _Faults:
    """Collects faults while a pack is read, in one wording."""

    def __init__(self, name: str, check_patterns: bool) -> None:
        self.name = name
        self.check_patterns = check_patterns
        self.found: list[str] = []

    def add(self, where: str, field: str, consequence: str, mend: str) -> None:
        self.found.append(f"{self.name}: {where}: |{field}|: {consequence}; {mend}")

    def text(self, data: dict[str, Any], field: str, where: str, consequence: str) -> str:
        value = data.get(field)
        if isinstance(value, str) and value.strip():
            return value
        self.add(where, field, consequence, "give it a text")
        return ""

    def texts(self, data: dict[str, Any], field: str, where: str) -> tuple[str, ...]:
        value = data.get(field, [])
        if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
            return tuple(value)
        self.add(where, field, "it is not read", "give a list of non-empty texts")
        return ()

    def count(self, data: dict[str, Any], field: str, where: str, default: int) -> int:
        value = data.get(field, default)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.add(where, field, f"{value!r} is no length", "give a whole number of characters, or 0 for any length")
        return default

    def choice(self, data: dict[str, Any], field: str, where: str, allowed: frozenset[str], default: str) -> str:
        value = data.get(field, default)
        if isinstance(value, str) and value in allowed:
            return value
        self.add(where, field, f"{value!r} is not known", f"use one of: {', '.join(sorted(allowed - {''}))}")
        return default

    def unknown(self, data: dict[str, Any], allowed: frozenset[str] | set[str], where: str) -> None:
        for field in sorted(set(data) - allowed):
            self.add(where, field, "this field is not read", f"use one of: {', '.join(sorted(allowed))}")

    def repeated(self, ids: list[str]) -> None:
        for id_ in sorted(id_ for id_, count in Counter(ids).items() if count > 1):
            self.add(f"rule {id_!r}", "id", "two rules share it, removals cannot be told apart", "rename one")

    def keywords(self, data: dict[str, Any], phrases: tuple[str, ...], where: str) -> tuple[str, ...]:
        given = tuple(_folded(self.texts(data, "keywords", where)))
        found = given or tuple(dict.fromkeys(map(gate, phrases)))
        if not found or not all(found):
            self.add(where, "keywords", "the rule would never be tried", "give at least one word of each wording")
        return found

    def pattern(self, match: str, phrases: tuple[str, ...], written: str, where: str) -> None:
        if not self.check_patterns:
            return
        try:
            for phrase in phrases if match else ():
                _compiled(match, phrase, "")
            re.compile(written, re.VERBOSE)
        except re.error as error:
            self.add(where, "pattern", f"it does not compile ({error})", "mend the regular expression")
        if _NESTED.search(written):
            self.add(where, "pattern", "it could take exponential time", "no quantifier around a quantified group")


# A quantified group that holds an unbounded quantifier: the shape behind exponential matching.
# Blocks that patterns see are bounded in length, so polynomial patterns cost a bounded time.
_NESTED = re.compile(r"\([^()]*[*+][^()]*\)\s*(?:[*+]|\{\d+,\})")
