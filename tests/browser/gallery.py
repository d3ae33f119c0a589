"""A throw-away application: every macro in every state, and one form that saves as you go."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask, render_template, request
from flask_wtf import CSRFProtect, FlaskForm
from markupsafe import escape
from werkzeug.serving import make_server

from cqi.ui import fields, pages
from cqi.web import static_files

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Question:
    id: str
    text: str
    guidance: str
    yes: str
    no: str
    na: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        return ("yes", "no", "na") if self.na else ("yes", "no")


@dataclass(frozen=True)
class Share:
    achieved: int
    applicable: int
    low: float
    high: float


QUESTIONS = (
    Question(
        "a",
        "Was safety assessed again at every key point in the period under review?",
        "Key points are a new report, a change in who lives in the home, and a move.\n\n"
        "Look for what was seen and asked, not only that a form was filed.",
        "Yes if each point in this case has an assessment in the record, even a short one.",
        "No if one is missing, or copies the last one.",
    ),
    Question(
        "b",
        "Were all children who live in the home covered, also those who are not in care?",
        "All children in the home count.",
        "Yes if each of them is named in the assessment.",
        "No if one of them is not.",
        "NA if no other child lives in the home.",
    ),
    Question(
        "c",
        "When the household changed, was risk looked at again within the time that policy sets?",
        "A new look within 5 working days of learning of the change.",
        "Yes if the new look came in time.",
        "No if it came late, or never.",
    ),
)


@dataclass
class Records:
    """What the application keeps between requests, and how it is told to answer."""

    answers: dict[str, Any] = field(default_factory=dict)
    posts: list[dict[str, list[str]]] = field(default_factory=list)
    conflict: bool = False
    refusal: str = ""


class ItemForm(FlaskForm):
    a = fields.answer_to(QUESTIONS[0], name="SRM05-a")
    b = fields.answer_to(QUESTIONS[1], name="SRM05-b")
    c = fields.answer_to(QUESTIONS[2], name="SRM05-c")
    why = fields.TextField(name="SRM05-b-why")
    narrative = fields.TextAreaField("Why this rating?", name="SRM05-narrative")


class AnyForm(FlaskForm):
    name = fields.TextField(
        "Name of the round",
        [fields.required("Give the round a name."), fields.at_most(80)],
        description="As people call it, such as 2027 South B baseline.",
    )
    cases = fields.NumberField("How many cases", [fields.required("Say how many.")])
    note = fields.TextAreaField("Note", description="Who asked for it, and why.")
    kind = fields.ChoiceField("Kind", choices={"": "Choose", "baseline": "Baseline"})
    starts_on = fields.DateField("On site from", [fields.required("Say when it starts.")])
    case_type = fields.TilesField(
        "What kind of case is this?",
        [fields.required("Choose a kind of case.")],
        choices={"foster_care": "Foster care", "in_home": "In-home"},
        description="As on the day of the draw.",
    )
    sources = fields.SeveralField(
        "Learned from", choices={"record": "The record", "mother": "Interview with the mother"}
    )
    agreed = fields.CheckboxField("I have no conflict of interest in this case")


def security_headers(response: Any) -> Any:
    response.headers["Content-Security-Policy"] = CSP
    return response


def frame() -> dict[str, Any]:
    return {
        "navigation": [
            ("My reviews", "/", True),
            ("Rounds", "/rounds", False),
            ("Practice cases", "/practice", False),
            ("Help", "/help", False),
        ],
        "notices": 3,
        "notices_url": "/notices",
        "who": "Ada Juniper",
        "role": "reviewer",
        "sign_out_url": "/sign-out",
        "demonstration": True,
    }


def make_app(records: Records) -> Flask:
    app = Flask("gallery", static_folder=None, template_folder=str(TEMPLATES))
    app.config.update(SECRET_KEY=secrets.token_hex(), TESTING=True)
    app.jinja_loader.searchpath.append(str(static_files.FOLDER.parent / "templates"))
    static_files.install(app)
    CSRFProtect(app)
    app.register_blueprint(pages.blueprint)
    app.after_request(security_headers)
    app.jinja_env.globals["url_for_security"] = lambda name: f"/{name}"
    add_pages(app)
    add_scoring(app, records)
    return app


def add_pages(app: Flask) -> None:
    shares = {"baseline": Share(22, 60, 0.256, 0.493), "follow_up": Share(37, 62, 0.473, 0.71)}

    @app.get("/marks")
    def marks() -> str:
        return render_template("marks.html", **frame())

    @app.route("/fields", methods=["GET", "POST"])
    def fields_page() -> str:
        form = AnyForm()
        refused = form.is_submitted() and not form.validate()
        return render_template("fields.html", form=form, has_errors=refused, **frame())

    @app.get("/parts")
    def parts() -> str:
        return render_template("parts.html", **shares, **frame())

    @app.get("/errors/<name>")
    def errors(name: str) -> str:
        return render_template(f"web/errors/{name}.html", **frame())

    @app.route("/login", methods=["GET", "POST"], endpoint="sign_in.sign_in")
    def login() -> str:
        form = sign_in_form()
        if form.is_submitted():
            form.form_errors.append("No account has this address and password.")
        people = [
            ("Reviewer", "reviewer@demo.example", "loop-of-learning", False),
            ("QA lead", "qa_lead@demo.example", "loop-of-learning", True),
        ]
        page = {"demonstration": True, "demo_sign_ins": people}
        page["passkeys_elsewhere"] = lambda: "http://localhost:8000/login"
        return render_template("web/sign_in.html", form=form, **page)


def sign_in_form() -> FlaskForm:
    class SignInForm(FlaskForm):
        kind = "password"
        email = fields.EmailField()
        password = fields.PasswordField()

    return SignInForm()


def add_scoring(app: Flask, records: Records) -> None:
    @app.get("/")
    def scoring() -> str:
        form = ItemForm(data=records.answers)
        return render_template("scoring.html", form=form, questions=QUESTIONS, **frame())

    @app.get("/frozen")
    def frozen() -> str:
        form = ItemForm(
            data={"a": "yes", "b": "na", "why": "No other child.", "narrative": "Seen."}
        )
        return render_template("frozen.html", form=form, questions=QUESTIONS, **frame())

    @app.post("/save")
    def save() -> tuple[dict[str, Any], int]:
        records.posts.append(request.form.to_dict(flat=False))
        return answer_to_save(records)

    @app.post("/conflict")
    def conflict() -> str:
        return "<h1>Both texts</h1>"


def answer_to_save(records: Records) -> tuple[dict[str, Any], int]:
    changed = request.form["changed"]
    if records.conflict:
        return {"conflict_url": "/conflict"}, 409
    if records.refusal:
        return {"message": records.refusal}, 422
    records.answers[changed.removeprefix("SRM05-")] = request.form.get(changed)
    words = escape(request.form.get(changed, ""))
    head = f'<summary id="SRM05-head"><h2>SRM05 after {changed} = {words}</h2></summary>'
    missing = '<section id="missing"><p>Done: nothing is missing.</p></section>'
    version = '<input type="hidden" name="version" id="version" value="2">'
    narrative = '<div id="SRM05-narrative-field">swapped away</div>'
    ids = {"SRM05-head": head, "missing": missing, "version": version}
    if changed == "SRM05-narrative":
        ids["SRM05-narrative-field"] = narrative
    return {
        "saved_at": "10:42",
        "swaps": [{"id": name, "html": html} for name, html in ids.items()],
        "status": f"SRM05: saved {changed}",
    }, 200


class Serving:
    """The application on a port of its own; it can be taken down and come back."""

    def __init__(self) -> None:
        self.records = Records()
        self.app = make_app(self.records)
        self.port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@contextmanager
def serving() -> Iterator[Serving]:
    live = Serving()
    try:
        yield live
    finally:
        live.stop()
