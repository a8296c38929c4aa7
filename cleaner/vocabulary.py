"""What markup says in words: class and id vocabulary, and the elements that count as evidence.

Data alone, shared by the reader that meets the words and the observations that weigh them. To
teach the library a class word, add it to its group here and refit (:mod:`cleaner.fitting`).
"""

from __future__ import annotations

__all__ = ["GROUPS", "GROUP_BITS", "INSIDE", "INSIDE_BITS", "WORD_BITS"]

# What the words of class and id attributes speak of. Whole words only: `football` has no `foot`.
GROUPS: dict[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "related": "related relateds recommended recommendation recommendations recommend more also readmore mostread most "
        "popular trending trends latest recirc recirculation outbrain taboola promoted associated similar suggested further "
        "next prev previous upnext morefrom seealso lire aussi mehr verwandt powiazane czytaj",
        "teaser": "teaser teasers card cards tile tiles thumb thumbnail thumbs listing carousel slider slick swiper item items "
        "list grid feed headlines",
        "social": "share sharing shares social sociable socials facebook twitter whatsapp telegram follow addthis sharethis "
        "addtoany jiathis bdshare sns tools toolbar print email",
        "comments": "comment comments disqus respond reply replies discussion kommentar kommentare komentarze comentarios "
        "commentlist commentaires feedback forum",
        "photo": "caption captions figcaption credit credits photo photos image images img picture pictures figure legend foto "
        "fotos bild bildunterschrift gallery slideshow media lightbox",
        "video": "video videos player audio podcast embed jwplayer vjs youtube iframe playlist",
        "promo": "newsletter newsletters subscribe subscription subscriptions signup promo promos promotion app cta paywall "
        "premium login register registration offer piano inline callout",
        "ad": "ad ads advert adverts advertisement adsense sponsor sponsored sponsors dfp gpt anzeige werbung reklama "
        "publicidad adslot adunit banner commercial affiliate",
        "byline": "author authors byline bylines writer meta metadata date dateline timestamp time datetime published posted "
        "pubdate info kicker autor auteur source created details",
        "bio": "bio profile biography about authorbox",
        "tags": "tag tags topic topics keyword keywords category categories label labels chips schlagworte",
        "nav": "nav navigation navbar menu breadcrumb breadcrumbs sidebar side rail header footer foot masthead pagination "
        "pager topbar skip bottom top right left column search copyright site global",
        "widget": "widget widgets module box block aside panel bar section wrapper container component",
        "body": "body content contents article story entry post text articlebody paragraph paragraphs main richtext copy prose "
        "texte artikel storytext maincontent postcontent texto cuerpo noticia news single detail",
        "lead": "lead lede summary intro standfirst subtitle subtitles dek deck description excerpt chapo vorspann",
        "title": "title titles headline heading hed titel titre titulo h1",
        "cookie": "cookie cookies consent gdpr privacy modal popup overlay dialog notice alert",
        "quote": "quote quotes pullquote blockquote tweet",
        "live": "live liveblog timeline update updates ticker",
    }.items()
}
GROUP_BITS = {name: 1 << index for index, name in enumerate(GROUPS)}
WORD_BITS: dict[str, int] = {}
for _name, _words in GROUPS.items():
    for _word in _words:
        WORD_BITS[_word] = WORD_BITS.get(_word, 0) | GROUP_BITS[_name]

# Elements (and states) whose presence among the ancestors is evidence.
INSIDE = (
    "figure", "aside", "nav", "footer", "header", "article", "main", "form", "li", "table", "blockquote", "button",
    "section", "a", "hidden", "itemprop", "dl", "details", "label", "figcaption", "h",
)  # fmt: skip
INSIDE_BITS = {name: 1 << index for index, name in enumerate(INSIDE)}
