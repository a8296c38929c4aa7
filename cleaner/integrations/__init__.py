"""The cleaner as a step of other people's pipelines, one framework a file. Start at :mod:`.core`.

Each file is an optional extra: ``pip install "news-page-cleaner[spark]"``. Nothing here is imported by
the library itself, and no file here imports another but :mod:`.core`.
"""
