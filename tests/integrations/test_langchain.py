"""LangChain: documents through the transformer, sync and async."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.integrations.conftest import CREDIT, HEADLINE, PAGE, STORY, TEXT, framework

framework("langchain_core", "langchain")

from langchain_core.documents import Document

from cleaner.integrations.langchain import CleanerTransformer


def test_documents_keep_order_id_and_metadata_and_gain_what_is_known_of_the_story() -> None:
    page = Document(id="a1", page_content=PAGE, metadata={"source": "https://skerry.example/lamp", "crawl": 12})
    text = Document(page_content=TEXT, metadata={"title": "The loader's title"})
    stories = CleanerTransformer().transform_documents([page, text])
    assert [story.page_content for story in stories] == [STORY, STORY]
    assert stories[0].id == "a1"
    assert stories[0].metadata == {
        "source": "https://skerry.example/lamp",
        "crawl": 12,
        "title": HEADLINE,
        "language": "en",
        "removed": '{"byline": 1, "credit": 1, "newsletter": 1}',
        "warnings": "",
    }
    assert stories[1].metadata["title"] == "The loader's title"


def test_documents_that_come_in_are_not_changed() -> None:
    page = Document(page_content=PAGE, metadata={"source": "file.html"})
    CleanerTransformer().transform_documents([page])
    assert page == Document(page_content=PAGE, metadata={"source": "file.html"})


def test_the_async_way_gives_the_same() -> None:
    transformer = CleanerTransformer(keep=["credit"])
    pages = [Document(page_content=PAGE), Document(page_content=TEXT)]

    async def both() -> list[str]:
        first, second = await asyncio.gather(*(transformer.atransform_documents([page]) for page in pages))
        return [*(story.page_content for story in first), *(story.page_content for story in second)]

    stories = asyncio.run(both())
    assert stories == [story.page_content for story in transformer.transform_documents(pages)]
    assert all(CREDIT in story for story in stories)


def test_the_address_is_read_from_the_loaders_field_or_one_that_is_named(host_pack: Path) -> None:
    for name, transformer in {
        "source": CleanerTransformer(packs=[host_pack]),
        "link": CleanerTransformer(packs=[host_pack], url="link"),
    }.items():
        page = Document(page_content=PAGE, metadata={name: "https://skerry.example/lamp"})
        [story] = transformer.transform_documents([page])
        assert json.loads(story.metadata["removed"])["ad"] == 1


def test_a_document_that_cannot_be_cleaned_comes_out_as_it_was_with_a_warning() -> None:
    broken = Document.model_construct(page_content=None, metadata={"source": 3})
    empty = Document(page_content="")
    stories = CleanerTransformer().transform_documents([broken, empty])
    assert stories[0].page_content is None
    assert stories[0].metadata["warnings"] == "not cleaned: there is no page"
    assert stories[1].page_content == ""


def test_wrong_options_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown categories"):
        CleanerTransformer(keep=["captions"])
