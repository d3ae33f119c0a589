"""A region report of twelve pages with invented figures: six components and 48 items."""

from __future__ import annotations

import random
from functools import lru_cache
from math import sqrt

from cqi.documents import charts, model, palette
from cqi.documents.model import Span
from cqi.documents.shares import ComparisonRow, RoundRow, Share

COMPONENTS = {
    "MAS": ("Mobilizing Appropriate Services Timely", "Services"),
    "SRM": ("Safety Assurance and Risk Management", "Safety and risk"),
    "INV": (
        "Involving Children and Families in Case Planning and Decision Making",
        "Involving families",
    ),
    "SNA": ("Strengths and Needs Assessments", "Assessments"),
    "PCR": ("Preserving Connections and Relationships", "Connections"),
    "ICP": ("Individualized and Timely Case Planning", "Case planning"),
}
ITEMS = {
    "MAS": """Services linked to individualized needs in the case plan; Service providers engaged;
        Caseworker visits; Service needs made clear when referring and monitoring; Services provided
        promptly and early to address safety and risk; Ongoing services to reach the permanency
        goal;
        Services to children in placement; Services at discharge or case closure; Effectiveness of
        services monitored and evaluated""",
    "SRM": """Initial safety and risk assessments; Investigations of maltreatment initiated;
        Caseworker visits; Services initiated to address safety and risk; Ongoing safety and risk
        assessment; Safety and risk addressed in case plans; Children safe while in placement;
        Safety at reunification; Safety at case closure""",
    "INV": """Involved in strengths and needs assessments; Involved in developing the case plan;
        Caseworker visits; Involved in family team meetings; Involved during foster care placements;
        Involved in reviewing case plans""",
    "SNA": """Strengths and needs assessed before case plans; Family members and foster caregivers
        involved in the assessment; Caseworker visits; Ongoing specialized assessments; Initial
        physical, dental, mental health, developmental and education screenings; Assessment updated
        at key intervals; Assessment used in deciding on case closure""",
    "PCR": """Assessment used to identify relationships and connections; Relevant family members
        identified and located; Caseworker visits; Family meetings; Family involvement with children
        in care supported; Connections addressed in initial and updated case plans; Tribal and other
        cultural background identified and supported; School consistency advocated for; Children
        placed in settings that support connections; Relative resources identified and evaluated
        early""",
    "ICP": """Services linked to the strengths and needs of each family member; Individual strengths
        and needs addressed in case plans; Caseworker visits; Service providers engaged;
        Individualized case planning outside a family team meeting; Ongoing case planning linked to
        strengths and needs; Case plans monitored and revised as needed""",
}
COUNTS = {  # achieved and applicable at baseline, at follow-up, and the finding
    "MAS": (41, 65, 44, 62, "no_clear_change"),
    "SRM": (36, 65, 39, 62, "no_clear_change"),
    "INV": (34, 65, 48, 62, "improved"),
    "SNA": (28, 65, 41, 62, "improved"),
    "PCR": (26, 44, 27, 41, "no_clear_change"),
    "ICP": (47, 65, 29, 62, "declined"),
}
TARGET = charts.Target(0.8, "Target 80%")


def share(achieved: int, applicable: int) -> Share:
    """A share with its Wilson interval."""
    p, n, z = achieved / applicable, applicable, 1.959964
    middle, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Share(
        achieved, applicable, (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
    )


def compared(code: str, label: str, counts: tuple[int, ...], finding: str | None) -> ComparisonRow:
    """A row with Newcombe's interval of its difference."""
    before, after = share(*counts[:2]), share(*counts[2:4])
    if min(before.applicable, after.applicable) < 10:
        return ComparisonRow(code, label, before, after, finding="too_few_cases")
    d = after.value - before.value
    low = d - sqrt((after.value - after.low) ** 2 + (before.high - before.value) ** 2)
    high = d + sqrt((after.high - after.value) ** 2 + (before.value - before.low) ** 2)
    return ComparisonRow(code, label, before, after, d, (low, high), finding)


def component_rows() -> list[ComparisonRow]:
    """The six components, each with its finding."""
    return [compared(c, COMPONENTS[c][0], n[:4], str(n[4])) for c, n in COUNTS.items()]


def item_rows(code: str) -> list[ComparisonRow]:
    """A component's items: no words, but for too few cases and one item that a plan named."""
    seed = random.Random(code)  # noqa: S311 - invented figures
    rows = []
    for number, label in enumerate(ITEMS[code].split(";"), 1):
        few = "at reunification" in label or "discharge" in label
        n0, n1 = (3, 7) if few else (seed.randint(38, 65), seed.randint(34, 62))
        counts = (seed.randint(n0 // 3, n0), n0, seed.randint(n1 // 2, n1), n1)
        named = "improved" if (code, number) == ("INV", 2) else None
        counts = (33, 65, 51, 62) if named else counts
        rows.append(compared(f"{code}{number:02}", " ".join(label.split()), counts, named))
    return rows


def components_figure() -> model.Figure:
    """The six components at a glance."""
    caption = charts.Caption(
        "components",
        "Of six components, two improved, one declined and three had no clear change",
        "Share of reviewed cases in which the component was substantially achieved. Baseline, 65"
        " cases, January 2025; follow-up, 62 cases, February 2026.",
        (
            "A change is called improved or declined only when its 95% interval leaves out zero.",
            "Target: setting, agency to confirm.",
        ),
    )
    return charts.comparison(caption, component_rows(), TARGET)


def items_figure(code: str) -> model.Figure:
    """A component's items, highest follow-up first."""
    rows = item_rows(code)
    caption = charts.Caption(
        f"items-{code}",
        f"{COMPONENTS[code][1]}: the component's {len(rows)} items",
        "Share of applicable cases in which the item was rated a strength, highest at follow-up"
        " first; items with too few cases last.",
        ("Words stand only for items that a plan named before the follow-up.",),
    )
    return charts.comparison(caption, rows, TARGET, charts.ITEMS)


def visits_figure() -> model.Figure:
    """One round alone."""
    rows = [
        RoundRow(r.code, f"{r.label}, {r.code[:3]}", r.follow_up)
        for code in ITEMS
        for r in item_rows(code)
        if r.label == "Caseworker visits"
    ]
    rows.append(RoundRow("SRM08", "Safety at reunification", Share(2, 3, 0.2, 0.9)))
    rows.append(RoundRow("SNA07", "Assessment used in deciding on case closure", None))
    caption = charts.Caption(
        "visits", "Caseworker visits in all six components", "Follow-up, February 2026."
    )
    return charts.one_round(caption, rows, TARGET, charts.ITEMS)


def document() -> model.Document:
    """The whole report."""
    return model.Document(
        title="Region I-South",
        subtitle="Case review report: baseline 2025 and follow-up 2026",
        kind="report",
        series="Continuous quality improvement · Case review",
        facts=_facts(),
        sections=(_summary(), _glance(), *map(_component, COUNTS), _visits(), _plan(), *_method()),
        running_head=("Region I-South · Case review report", "Baseline 2025 to follow-up 2026"),
        footer_mark="CONFIDENTIAL",
        footer_text="Names no child, family or worker · Run R-2026-0031",
        preface=(
            model.Heading("Use and disclosure"),
            model.Text(
                "Made from confidential child-welfare records under the agency’s quality"
                " improvement duties. It may be shared once published; the case lists behind its"
                " figures may not.",
                "small",
            ),
        ),
        colophon="Demonstration data: every figure in this document is invented.",
    )


def _facts() -> tuple[model.Fact, ...]:
    facts = {
        "Rounds": "Baseline, 13 to 31 January 2025; follow-up, 2 to 20 February 2026",
        "Periods under review": "1 January to 31 December 2024; 1 January to 31 December 2025",
        "Instrument": "Practice Model 1.0, six components, 48 items; the same in both rounds",
        "Reviews": "65 final at baseline, 62 at follow-up; eliminated cases never count",
        "Interviews": "214 at follow-up: 88 parents, 41 children, 62 caseworkers, 23 others",
        "Sample": "Seeded draw from 398 open cases, foster care 41 and in-home 21",
        "Counties": "Calhoun, Chickasaw, Itawamba, Lee, Monroe, Pontotoc",
        "Measures": "Set 2026.1, Wilson 95% intervals, formula version 3",
        "Run": "R-2026-0031, digest 7c1e 90ab 44d2 … f03b; anybody with the run id can print these"
        " figures again",
        "Approved": "CQI director, 27 March 2026; published 27 March 2026",
    }
    return tuple(model.Fact(name, words) for name, words in facts.items())


def _sentence(row: ComparisonRow, rest: str) -> model.Text:
    return model.Text((Span(row.label), rest))


def _summary() -> model.Section:
    rows = {row.code: row for row in component_rows()}
    rise = (
        " improved: 52.3% of 65 cases at baseline, 77.4% of 62 at follow-up, a rise of 25.1 points."
    )
    fall = (
        " declined: 72.3% of 65 cases at baseline, 46.8% of 62 at follow-up, a fall of 25.5 points."
    )
    still = (Span("Services"), ", ", Span("Safety and risk"), " and ", Span("Connections"), ".")
    said = " With these numbers of cases, changes of 16 to 20 points can be chance."
    steps = (
        "Add a goal on keeping case plans current (item ICP07) to the improvement plan.",
        "Keep the family engagement coaches. The review cannot prove that they are the cause.",
        "Hold the next ongoing review in February 2027.",
    )
    heads = (
        model.SideHead("Improved", (_sentence(rows["INV"], rise), _sentence(rows["SNA"], rise))),
        model.SideHead("Declined", (_sentence(rows["ICP"], fall),)),
        model.SideHead("No clear change", (model.Text((*still, said)),)),
        model.SideHead("Too few cases to tell", (model.Text("Two of 48 items."),)),
        model.SideHead("What to do next", (model.Bullets(steps),)),
    )
    return model.Section(
        "summary",
        "Families are more involved and better assessed; case plans need attention",
        "Summary",
        (
            model.Lead(
                "Reviewers read 62 cases and held 214 interviews in February 2026, one year after"
                " the practice model began here."
            ),
            model.Tiles(
                (
                    model.Tile("2", "components improved", "improved"),
                    model.Tile("1", "component declined", "declined"),
                    model.Tile("3", "components with no clear change", "no_clear_change"),
                    model.Tile("0", "components with too few cases to tell", "too_few_cases"),
                )
            ),
            model.SideHeads(heads),
        ),
    )


def _glance() -> model.Section:
    how = "A dot is the share in the reviewed cases. The line through it is the range in which the"
    how += " share of all cases of the region plausibly lies."
    when = "Only when the interval of the change leaves out zero. Two lines may overlap although"
    when += " the change is clear: read the words at the right."
    return model.Section(
        "glance",
        "Two of six components improved and one declined",
        "Six components at a glance",
        (
            components_figure(),
            model.Columns(
                (model.Heading("How to read the figure"), model.Text(how, "small")),
                (model.Heading("When we say improved"), model.Text(when, "small")),
            ),
        ),
    )


def _component(code: str) -> model.Section:
    name, short = COMPONENTS[code]
    row = next(row for row in component_rows() if row.code == code)
    assert row.follow_up
    assert row.baseline
    assert row.finding
    said = palette.MARKS[row.finding].words.lower()
    text = f": {row.baseline.count} cases at baseline, {row.follow_up.count} at follow-up, {said}."
    built = (
        "Workers ask at each visit whether the service helps, and write down what the family says.",
        "Families help to develop the plan, and family team meetings now change decisions.",
    )
    work = (
        "Reviewers found referrals without a later look at their results.",
        "Needs are often told to providers by form only; say what should be different at home.",
    )
    return model.Section(
        code.lower(),
        f"{short}: {row.follow_up.percent} of cases at follow-up, {said}",
        f"{name} ({code})",
        (
            model.Text((Span(name), text)),
            items_figure(code),
            model.Columns(
                (model.Heading("What to build on"), model.Bullets(built)),
                (model.Heading("What to work on"), model.Bullets(work)),
            ),
        ),
        contents=name,
    )


def _visits() -> model.Section:
    entries = (
        model.Marked("strength", (Span("Visits look at every child "), Span("SRM03", "muted"))),
        model.Marked(
            "area_needing_improvement",
            (Span("Look at safety again when the household changes "), Span("SRM05", "muted")),
            "The next safety assessment is dated three months later.",
        ),
    )
    blocks = (visits_figure(), model.Heading("Seen in the cases"), model.Findings(entries))
    return model.Section("visits", "Visits are asked about six times", "Caseworker visits", blocks)


def _plan() -> model.Section:
    columns = (
        model.Column("Goal"),
        model.Column("Measure"),
        model.Column("Baseline", "number"),
        model.Column("Goal %", "number"),
        model.Column("Follow-up", "number"),
        model.Column("Result"),
    )
    rows = (
        model.Row(
            (
                "1",
                "INV02 Involved in developing the case plan",
                model.Cell("33 of 65", ("33 of 65",)),
                "58.7",
                "51 of 62",
                model.Cell("Reached", mark="done"),
            )
        ),
        model.Row(
            (
                "2",
                "SNA05 Initial physical, dental, mental health and education screenings",
                "24 of 42",
                "66.9",
                "22 of 40",
                model.Cell("Not reached", mark="due"),
            )
        ),
    )
    table = model.Table("goals", "Did the measured goals come true?", columns, rows)
    sign = model.Signatures(("Regional Director", "CQI director"))
    return model.Section("plan", "One of two goals was reached", "Improvement plan", (table, sign))


def _counts(key: str, caption: str, rows: dict[str, tuple[int, int]]) -> model.Table:
    columns = (model.Column(""), model.Column("Baseline", "number"))
    made = tuple(
        model.Row((name.strip(" *"), *both), strong="*" in name, indent=name.startswith(" "))
        for name, both in rows.items()
    )
    return model.Table(key, caption, (*columns, model.Column("Follow-up", "number")), made)


def _method() -> tuple[model.Section, model.Section]:
    flow = _counts(
        "frame",
        "From frame to figures",
        {
            "*Cases in the frame": (412, 398),
            "Drawn at random": (65, 62),
            "Eliminated after the draw": (6, 7),
            " open for fewer than 60 days": (3, 3),
            " family not reachable for interview": (2, 2),
            " opened in error or transferred": (1, 2),
            "*Final reviews": (65, 62),
        },
    )
    left_out = _counts(
        "left-out",
        "Left out of item figures",
        {
            "Ratings possible (reviews × 48)": (3120, 2976),
            "NA by rule": (748, 731),
            "NA by judgement, reason given": (11, 14),
            "*Ratings counted": (2361, 2231),
        },
    )
    notes = (
        model.SideHead("Shares", (model.Text("Cases rated a strength over applicable cases."),)),
        model.SideHead("Intervals", (model.Text("Wilson 95%; differences by Newcombe’s method."),)),
        model.SideHead("Not shown here", (model.Text("Causes: there is no comparison group."),)),
    )
    terms = {
        "Applicable case": "A case to which an item can apply.",
        "Area needing improvement": "An item with at least one applicable question answered no.",
        "Component": "One of six parts of the practice model.",
        "Item": "One activity of a component; 48 in all.",
        "n": "The number of cases behind a figure.",
        "Points": "Percentage points: from 50% to 60% is 10 points.",
    }
    glossary = model.Glossary(tuple(model.Fact(name, words) for name, words in terms.items()))
    blocks = (model.Columns((flow,), (left_out,)), model.SideHeads(notes))
    return (
        model.Section("method", "How these numbers were made", "Method and exclusions", blocks),
        model.Section("glossary", "Glossary", "", (glossary,), starts_page=False),
    )


@lru_cache(maxsize=1)
def pdf() -> bytes:
    """The report as a PDF, rendered once for all tests that read it."""
    from cqi.documents import pdf as pdf_writer

    return pdf_writer.render(document())
