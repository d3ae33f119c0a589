"""From a Document to the bytes of a PDF: title page, then the sections, each fitted to its page."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from reportlab import rl_config
from reportlab.platypus import Flowable, NextPageTemplate, PageBreak, Spacer, Table

from cqi.documents import fonts, model, palette, pen
from cqi.documents.pdf import blocks, drawn, pages, styles, tables, text
from cqi.documents.pdf.styles import Room

_LOOSE = Room(styles.WIDTH, styles.SETTINGS[0])


def render(document: model.Document) -> bytes:
    """The document as a PDF. The same document gives the same bytes.

    Raises fonts.FontsMissingError where `make assets` has not run.
    """
    fonts.register()
    rl_config.useA85 = 0  # the file is 8% smaller without ASCII85
    target = BytesIO()
    pages.Pages(document, target).write(_story(document))
    return target.getvalue()


def _story(document: model.Document) -> list[Flowable]:
    story: list[Flowable] = []
    if document.kind == "report":
        story += [*_title_page(document), NextPageTemplate("page"), PageBreak()]
    else:
        story += [NextPageTemplate("page")]
    setter = _Setter(document)
    for number, together in enumerate(_pages(document.sections)):
        if number:
            story.append(PageBreak())
        story += setter.fitting(together, first=not number)
    return story


def _pages(sections: Sequence[model.Section]) -> list[list[model.Section]]:
    """Sections that stand on one page: one that starts it and those that follow on."""
    together: list[list[model.Section]] = []
    for section in sections:
        if section.starts_page or not together:
            together.append([section])
        else:
            together[-1].append(section)
    return together


class _Setter:
    """Sets sections as pages. Each is made and measured once in a setting, however often it is
    tried beside others."""

    def __init__(self, document: model.Document) -> None:
        self._document = document
        self._rooms = [Room(styles.WIDTH, setting) for setting in _settings(document)]
        self._made: dict[tuple[int, int, bool], list[Flowable]] = {}
        self._sizes: dict[int, tuple[float, float, float]] = {}

    def fitting(self, sections: Sequence[model.Section], *, first: bool) -> list[Flowable]:
        """As many sections on each page as fit it, in the loosest setting in which they do.

        A section that is longer than a page flows on, loosely set; so does a whole memo.
        """
        memo = self._document.kind == "memo"
        count = len(sections) if memo else self._fit(sections, first)
        made, rest = self._set(sections[:count], first), sections[count:]
        return [*made, PageBreak(), *self.fitting(rest, first=False)] if rest else made

    def _fit(self, sections: Sequence[model.Section], first: bool) -> int:
        """How many sections fit one page when they are set as tightly as can be; at least one."""
        count = 1
        while count < len(sections):
            made = self._sections(sections[: count + 1], self._rooms[-1], first)
            if self._height(made) > pages.HEIGHT:
                break
            count += 1
        return count

    def _set(self, sections: Sequence[model.Section], first: bool) -> list[Flowable]:
        """In the loosest setting in which they fit a page; where the tightest does not, in the
        loosest.

        The tightest is tried right after the loosest: what is longer than a page is not made in
        all. The first step gives less than the others: it is passed over where its share of the
        whole way would not be enough.
        """
        loosest, *others = self._rooms
        made = self._sections(sections, loosest, first)
        long = self._height(made)
        if not others or long <= pages.HEIGHT:
            return made
        tightest = self._sections(sections, others[-1], first)
        short = self._height(tightest)
        if short > pages.HEIGHT:
            return made
        far = long - (long - short) / len(others) > pages.HEIGHT
        for room in others[int(far) : -1]:
            between = self._sections(sections, room, first)
            if self._height(between) <= pages.HEIGHT:
                return between
        return tightest

    def _sections(
        self, sections: Sequence[model.Section], room: Room, first: bool
    ) -> list[Flowable]:
        made: list[Flowable] = []
        for section in sections:
            follows = section is not sections[0]
            key = (id(section), self._rooms.index(room), follows)
            if key not in self._made:
                facts = first and not follows and self._document.kind == "memo"
                self._made[key] = _section(self._document, section, room, (follows, facts))
            made += self._made[key]
        return made

    def _height(self, made: Sequence[Flowable]) -> float:
        """The height on a page, the spaces between neighbours overlapping as in a frame."""
        total = after = 0.0
        for flowable in made:
            if isinstance(flowable, PageBreak):
                return float("inf")
            before, height, its_after = self._size(flowable)
            total += height + max((before if total else 0.0) - after, 0.0)
            after = its_after
            total += after
        return total - after

    def _size(self, flowable: Flowable) -> tuple[float, float, float]:
        """Space before, height, space after."""
        found = self._sizes.get(id(flowable))
        if found is None:
            height = flowable.wrap(styles.WIDTH, pages.HEIGHT)[1]
            found = flowable.getSpaceBefore(), height, flowable.getSpaceAfter()
            self._sizes[id(flowable)] = found
        return found


def _settings(document: model.Document) -> Sequence[styles.Setting]:
    return styles.COMPACT if document.compact else styles.SETTINGS


def _section(
    document: model.Document, section: model.Section, room: Room, how: tuple[bool, bool]
) -> list[Flowable]:
    """A section as flowables; `how`: whether it follows another on its page, whether a memo's facts
    stand under its title."""
    follows, facts = how
    made: list[Flowable] = [drawn.Place(section.key, section.name, level=int(section.part))]
    made += _head(section, follows=follows)
    if facts:
        made += _memo_facts(document, room)
    return [*made, *blocks.flowables(section.blocks, room)]


def _head(section: model.Section, *, follows: bool) -> list[Flowable]:
    if section.kicker:
        kicker = styles.FOLLOWING_KICKER if follows else styles.KICKER
        return [text.paragraph(section.kicker, kicker), text.paragraph(section.title, styles.TITLE)]
    title = styles.FOLLOWING_TITLE if follows else styles.TITLE
    return [text.paragraph(section.title, title)]


def _memo_facts(document: model.Document, room: Room) -> list[Flowable]:
    """A memo's facts in two columns under its first title."""
    if not document.facts:
        return []
    half = (len(document.facts) + 1) // 2
    left, right = (model.FactList(part) for part in (document.facts[:half], document.facts[half:]))
    return blocks.flowables([model.Columns((left,), (right,))], room)


def _title_page(document: model.Document) -> list[Flowable]:
    left: list[Flowable] = []
    if document.facts:
        left = [text.paragraph(document.facts_heading, styles.HEADING)]
        left.append(blocks.facts(document.facts, _LOOSE.narrowed(316)))
    left += blocks.flowables(document.preface, _LOOSE.narrowed(316))
    right = _contents(document.listed)
    return [
        Spacer(1, 8),
        text.paragraph(document.series, styles.KICKER),
        Spacer(1, 34),
        text.paragraph(document.title, styles.PLACE),
        text.paragraph(document.subtitle, styles.SUBTITLE),
        Spacer(1, 30),
        tables.side_by_side([left, [], right], [316, styles.GUTTER, 164]),
    ]


def _contents(sections: Sequence[model.Section]) -> list[Flowable]:
    rows = [
        [
            text.paragraph(section.name, styles.SMALL, link=section.key),
            drawn.PageNumber(section.key),
        ]
        for section in sections
    ]
    if not rows:
        return []
    hairline = pen.colour(palette.HAIRLINE)
    looks: list[tables.Command] = [
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("LINEBELOW", (0, 0), (-1, -1), 0.3, hairline),
    ]
    listed = Table(
        rows, colWidths=[140, 24], style=[*tables.PLAIN, *looks], hAlign="LEFT", splitInRow=1
    )
    return [text.paragraph("Contents", styles.HEADING), listed]
