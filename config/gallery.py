"""Made-up data for the component gallery: every component once, with no database."""

from django.core.paginator import Paginator
from django.utils.safestring import mark_safe

from config.gallery_forms import GalleryFilters, GalleryForm

CHART = """<svg viewBox="0 0 720 260" role="img" aria-labelledby="g-title g-desc" xmlns="http://www.w3.org/2000/svg">
<title id="g-title">Adults who are active, 2019 to 2025</title>
<desc id="g-desc">The share rose from 58.2% to 63.1%, and has been above England since 2023.</desc>
<g stroke="#dcdad2"><path d="M50 40H700M50 90H700M50 140H700M50 190H700"/></g>
<g font-size="14" fill="#45534f" text-anchor="end"><text x="42" y="45">66%</text><text x="42" y="95">63%</text>
<text x="42" y="145">60%</text><text x="42" y="195">57%</text></g>
<path d="M70 158 170 152 270 165 370 150 470 140 570 132 670 128" fill="none" stroke="#6b7774" stroke-width="2" stroke-dasharray="6 5"/>
<path d="M70 170 170 160 270 178 370 150 470 128 570 105 670 88" fill="none" stroke="#0e544f" stroke-width="3.5" stroke-linejoin="round"/>
<g fill="#fff" stroke="#0e544f" stroke-width="3"><circle cx="70" cy="170" r="5"/><circle cx="170" cy="160" r="5"/>
<circle cx="270" cy="178" r="5"/><circle cx="370" cy="150" r="5"/><circle cx="470" cy="128" r="5"/><circle cx="570" cy="105" r="5"/></g>
<circle cx="670" cy="88" r="7" fill="#f5b83d" stroke="#0e544f" stroke-width="3"/>
<g font-size="15" font-weight="600"><text x="690" y="70" text-anchor="end" fill="#0e544f">Marlbeck</text>
<text x="690" y="152" text-anchor="end" fill="#45534f">England</text></g>
<g font-size="14" fill="#45534f" text-anchor="middle"><text x="70" y="230">2019</text><text x="170" y="230">2020</text>
<text x="270" y="230">2021</text><text x="370" y="230">2022</text><text x="470" y="230">2023</text><text x="570" y="230">2024</text>
<text x="670" y="230">2025</text></g></svg>"""

SPARK = """<svg viewBox="0 0 300 64" role="img" aria-label="{label}" xmlns="http://www.w3.org/2000/svg">
<path d="{path}" fill="none" stroke="#0e544f" stroke-width="3" stroke-linejoin="round" stroke-linecap="round"/>
<circle cx="{x}" cy="{y}" r="5" fill="#f5b83d" stroke="#0e544f" stroke-width="2.5"/></svg>"""


def _measures():
    improving = {
        "kind": "variation",
        "tone": "improvement",
        "letter": "H",
        "label": "Improving: seven points above the mean",
    }
    concern = {"kind": "variation", "tone": "concern", "letter": "H", "label": "Concern: rising"}
    common = {"kind": "variation", "tone": "common", "letter": "C", "label": "No real change"}
    passes = {"kind": "assurance", "tone": "improvement", "letter": "P", "label": "Passes its target"}
    hit_or_miss = {
        "kind": "assurance",
        "tone": "common",
        "letter": "?",
        "label": "May pass or miss its target",
    }
    fails = {"kind": "assurance", "tone": "concern", "letter": "F", "label": "Misses its target"}
    rows = (
        (
            "Adults who are active",
            "63.1",
            "%",
            "M6 52 60 48 110 54 160 40 210 30 260 18 292 14",
            292,
            14,
            "65.0%",
            "61.4%",
            [improving, hit_or_miss],
        ),
        (
            "Children absent often",
            "19.8",
            "%",
            "M6 50 60 46 110 44 160 40 210 34 260 24 292 16",
            292,
            16,
            "15.0%",
            "17.9%",
            [concern, fails],
        ),
        (
            "People who feel lonely often",
            "6.4",
            "%",
            "M6 30 60 38 110 28 160 34 210 26 260 36 292 32",
            292,
            32,
            "7.0%",
            "7.1%",
            [common, passes],
        ),
    )
    for title, value, unit, path, x, y, target, england, marks in rows:
        yield {
            "title": title,
            "url": "#",
            "value": value,
            "unit": unit,
            "period": "November 2024 to November 2025",
            "svg": mark_safe(SPARK.format(label=f"{title}, last seven years", path=path, x=x, y=y)),  # noqa: S308
            "facts": [{"label": "Target", "value": target}, {"label": "England", "value": england}],
            "marks": marks,
            "note": "",
        }


def _table():
    rows = [
        ("2023", 60.4, 59.8, "Below target"),
        ("2024", 61.9, 60.5, "Below target"),
        ("2025", 63.1, 61.4, "On course"),
    ]
    return {
        "id": "active-adults",
        "caption": "Adults who are active, by year",
        "columns": [
            {"label": "Year", "url": "?order=year", "sort": "ascending"},
            {"label": "Marlbeck (%)", "numeric": True},
            {"label": "England (%)", "numeric": True},
            {"label": "95% confidence interval", "numeric": True},
            {"label": "State"},
        ],
        "rows": [
            [
                {"text": year, "header": True},
                {"text": place},
                {"text": england},
                {"text": f"{place - 2.2:.1f} to {place + 2.2:.1f}"},
                {"text": state, "tag": "blue" if state == "On course" else "orange"},
            ]
            for year, place, england, state in rows
        ],
    }


def sample_context():
    """Everything that gallery.html needs; nothing in it touches the database."""
    wrong = {
        "when_day": "31",
        "when_month": "2",
        "when_year": "2026",
        "length_hours": "two",
        "organisations": ["2", "5"],
    }
    return {
        "page_title": "Component gallery",
        "breadcrumbs": [{"label": "Home", "url": "/"}, {"label": "Component gallery", "url": ""}],
        "sample_form": GalleryForm(
            auto_id="sample_%s", initial={"organisations": ["2", "10"], "programme": "2"}
        ),
        "wrong_form": GalleryForm(wrong, auto_id="wrong_%s"),
        "filter_form": GalleryFilters(auto_id="filter_%s"),
        "sample_page": Paginator(range(240), 20).page(5),
        "tones": ["grey", "pine", "blue", "green", "yellow", "orange", "red", "purple"],
        "sample_messages": [
            {"level_tag": "success", "text": "The activity is logged"},
            {"level_tag": "warning", "text": "12 rows were refused. Each has its reason below"},
            {"level_tag": "info", "text": "The report for October is being made"},
        ],
        "stats": [
            {
                "label": "Activities this month",
                "value": "38",
                "unit": "",
                "change": "6 more than in October",
                "note": "",
            },
            {
                "label": "Hours with residents",
                "value": "214",
                "unit": "hours",
                "change": "",
                "note": "Across 14 organisations",
            },
            {
                "label": "Commitments kept",
                "value": "81",
                "unit": "%",
                "change": "",
                "note": "34 of 42, since April",
            },
            {
                "label": "Learning entries",
                "value": "19",
                "unit": "",
                "change": "",
                "note": "5 say that something did not work",
            },
        ],
        "measures": list(_measures()),
        "cards": [
            {
                "title": "Active Marlbeck",
                "url": "#",
                "text": "Helping the least active neighbourhoods to move more, with the people who live there.",
                "tags": [{"text": "Running", "tone": "green"}, {"text": "6 boards", "tone": "grey"}],
                "meta": ["42 activities", "Ends March 2028"],
            },
            {
                "title": "Holiday activities and food",
                "url": "#",
                "text": "Clubs with a hot meal in the school holidays.",
                "tags": [{"text": "Return due", "tone": "orange"}],
                "meta": ["18 providers", "Return due 30 June"],
            },
        ],
        "chart": {
            "id": "chart-active",
            "title": "Adults who are active",
            "summary": "63.1% in 2025: rising for four years, and 1.7 points above England.",
            "svg": mark_safe(CHART),  # noqa: S308
            "table": _table() | {"id": "chart-numbers"},
            "source": "Source: Active Lives survey. Provisional for 2025.",
        },
        "table": _table(),
        "chain": [
            {
                "kind": "Voice",
                "title": "“There is nowhere to walk after dark”",
                "url": "#",
                "text": "Ashfield, March",
            },
            {
                "kind": "Board",
                "title": "Ashfield Neighbourhood Board",
                "url": "#",
                "text": "Heard it on 9 April",
            },
            {
                "kind": "Commitment",
                "title": "Light the canal path",
                "url": "#",
                "text": "Council, by September. Kept",
            },
            {"kind": "Activity", "title": "Evening walking group", "url": "#", "text": "22 people a week"},
            {"kind": "Outcome", "title": "More people are active", "url": "#", "text": "63.1%, rising"},
        ],
        "timeline": [
            {
                "when": "18 November 2026",
                "when_iso": "2026-11-18",
                "title": "Walking group reached 22 regulars",
                "url": "#",
                "text": "Most heard of it from a neighbour, not from us.",
                "tag": {"text": "It worked", "tone": "green"},
            },
            {
                "when": "2 October 2026",
                "when_iso": "2026-10-02",
                "title": "First lights on the canal path",
                "url": "#",
                "text": "Three weeks late: the contractor had the wrong map.",
                "tag": {"text": "Setback", "tone": "orange"},
            },
            {
                "when": "9 April 2026",
                "when_iso": "2026-04-09",
                "title": "The board heard the residents",
                "text": "",
            },
        ],
        "waiting": [
            {
                "title": "Finish the draft about the college visit",
                "url": "#",
                "text": "Saved yesterday at 16:20",
                "tag": {"text": "Draft", "tone": "grey"},
            },
            {
                "title": "Send the summer return",
                "url": "#",
                "text": "Holiday activities and food",
                "tag": {"text": "Due in 6 days", "tone": "orange"},
            },
            {
                "title": "Say what you learned from the pop-up gym",
                "url": "#",
                "text": "It was three weeks ago",
                "tag": {"text": "To do", "tone": "blue"},
            },
        ],
        "results": [
            {
                "title": "Evening walking group, week 9",
                "url": "#",
                "text": mark_safe(
                    "Twenty-two people came to the <mark>canal</mark> path, five for the first time."
                ),
                "meta": "Activity, 18 November 2026, Active Marlbeck",
                "side": "",
            },
            {
                "title": "Canal Street Community Centre",
                "url": "#",
                "text": "",
                "meta": "Organisation",
                "side": "14 activities",
            },
        ],
        "facts": [
            {"label": "When", "value": "18 November 2026, 1 hour 30 minutes", "action_url": "#"},
            {
                "label": "Organisations",
                "values_list": [
                    {"text": "Walk and Wheel Marlbeck", "url": "#"},
                    {"text": "Siân Rhys Dance", "url": "#"},
                ],
                "action_url": "#",
            },
            {"label": "Logged by", "value": "Priya Natarajan"},
        ],
        "subnav": [
            {"label": "Overview", "url": "#", "current": True},
            {"label": "Activities", "url": "#", "count": 42},
            {"label": "Learning", "url": "#", "count": 7},
            {"label": "History", "url": "#"},
        ],
        "steps": [
            {"label": "Upload", "state": "done"},
            {"label": "Match columns", "state": "current"},
            {"label": "Check", "state": "to do"},
            {"label": "Confirm", "state": "to do"},
        ],
        "progress": {
            "label": "Reading active_adults.csv",
            "state": "1,900 of 3,089 rows read",
            "done": 1900,
            "total": 3089,
        },
        "files": [
            {"label": "Report for October", "url": "#", "kind": "PDF, 240 KB"},
            {"label": "The figures", "url": "#", "kind": "Excel, 38 KB"},
            {"label": "The figures", "url": "#", "kind": "CSV, 12 KB"},
        ],
        "changes": [
            {
                "when": "19 November 2026 at 09:12",
                "when_iso": "2026-11-19T09:12",
                "who": "Priya Natarajan",
                "what": "changed this activity",
                "changes": [
                    {"label": "When", "before": "17 November 2026", "after": "18 November 2026"},
                    {"label": "What comes next", "before": "", "after": "Ask the board for winter lights"},
                ],
            },
            {
                "when": "18 November 2026 at 21:40",
                "who": "Priya Natarajan",
                "what": "logged this activity",
                "changes": [],
            },
        ],
    }
