"""Check a rule pack by its own examples. Start reading at :func:`check_pack`.

Loading a pack finds what cannot be used (:mod:`cleaner.pack`); this finds what does not hold: a rule
that misses its ``removes``, a near miss in ``keeps`` that a rule would take, a rule without examples.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cleaner.document import Signal, make_document
from cleaner.folding import fold
from cleaner.matching import RuleSet, match_rules
from cleaner.pack import Pack, PackError, Rule, load_pack

__all__ = ["check_pack", "pack_faults"]


def check_pack(path: str | Path) -> tuple[str, ...]:
    """Every fault of the pack at ``path``, each naming file, rule, field, consequence and mend."""
    try:
        pack = load_pack(path)
    except PackError as error:
        return error.faults
    return tuple(f"{path}: {fault}" for fault in pack_faults(pack))


def pack_faults(pack: Pack) -> Iterator[str]:
    """Faults of a loaded pack's examples."""
    rules = RuleSet.build([pack])
    for rule in pack.rules:
        yield from _missing_examples(rule)
        for text in rule.removes:
            yield from _not_removed(rule, text, rules)
        for text in rule.keeps:
            yield from _not_kept(rule, text, rules)


def _missing_examples(rule: Rule) -> Iterator[str]:
    if not rule.removes:
        yield f"rule {rule.id!r}: |removes|: the rule is untested; give at least one line that it takes"
    if not rule.keeps and not rule.no_near_miss:
        mend = "give a near miss, or say in no_near_miss why none exists"
        yield f"rule {rule.id!r}: |keeps|: nothing guards the story; {mend}"


def _signals(text: str, rules: RuleSet) -> list[Signal]:
    document = make_document(text, [(0, len(text), "paragraph", 1)])
    return list(match_rules(document, rules))


def _not_removed(rule: Rule, text: str, rules: RuleSet) -> Iterator[str]:
    plain = text.replace("⟦", "").replace("⟧", "")
    mine = [signal for signal in _signals(plain, rules) if signal.source == rule.id]
    if not mine:
        yield f"rule {rule.id!r}: |removes|: does not match {plain!r}; mend the phrase or the example"
    elif rule.scope == "span":
        wanted = text.partition("⟦")[2].partition("⟧")[0].strip()
        cut = plain[mine[0].start : mine[0].end].strip()
        if cut != wanted:
            yield f"rule {rule.id!r}: |removes|: cuts {cut!r}, not {wanted!r}; mark what goes with ⟦ ⟧"


def _not_kept(rule: Rule, text: str, rules: RuleSet) -> Iterator[str]:
    if not any(keyword in fold(text) for keyword in rule.keywords):
        yield f"rule {rule.id!r}: |keeps|: {text!r} holds no keyword, so it is no near miss; use one in it"
    for signal in _signals(text, rules):
        if signal.strength == "strong":
            yield f"rule {rule.id!r}: |keeps|: {text!r} is removed by {signal.source!r}; narrow that rule"
