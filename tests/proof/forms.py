"""The links and forms of a page, and what somebody would send with one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlparse

WORDS = {"date": "2027-03-10", "datetime-local": "2027-03-10T09:00", "number": "1"}
VOID = "words of somebody"


@dataclass
class Field:
    """One control; `values` are what it offers, `value` is what it holds."""

    name: str
    kind: str
    value: str | None = None
    values: list[str] = field(default_factory=list)

    def other(self) -> str | None:
        if self.kind in ("hidden", "checkbox", "file"):
            return self.value if self.kind == "hidden" else None
        if self.kind in ("radio", "select"):
            return next((one for one in self.values if one and one != self.value), self.value)
        return WORDS.get(self.kind, VOID)


@dataclass
class Form:
    """One form of a page with one of its buttons ("name=value", or nothing)."""

    action: str
    method: str
    fields: list[Field] = field(default_factory=list)
    button: str = ""

    @property
    def names(self) -> list[str]:
        return list(dict.fromkeys(each.name for each in self.fields))

    def filled(self) -> dict[str, str]:
        """Something in every field, other than what stands there, as far as it is offered."""
        sent: dict[str, str] = {}
        for each in self.fields:
            value = each.other()
            if value is not None:
                sent[each.name] = value
        if self.button:
            name, _, value = self.button.partition("=")
            sent[name] = value
        return sent


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.links, self.addresses = page, list[str](), list[str]()
        self.titles, self.texts, self.in_title = list[str](), list[str](), False
        self.forms: list[Form] = []
        self.loose: list[tuple[str, dict[str, Any]]] = []
        self.form: Form | None = None
        self.open: Field | None = None
        self.buttons: list[tuple[Form, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name in ("href", "src", "action", "formaction"):
            if given.get(name):
                self.addresses.append(str(given[name]))
        if tag == "a" and given.get("href"):
            self.links.append(urljoin(self.page, str(given["href"])).partition("#")[0])
        if tag == "title":
            self.in_title = True
            self.titles.append("")
        if tag == "form":
            action = urljoin(self.page, given.get("action") or self.page)
            self.form = Form(action, (given.get("method") or "get").lower())
            self.forms.append(self.form)
        elif self.form is not None:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str | None]) -> None:
        name, value, kind = given.get("name"), given.get("value"), given.get("type") or "text"
        assert self.form is not None
        if tag == "option" and self.open is not None:
            self.open.values.append(value or "")
            if "selected" in given:
                self.open.value = value
        elif tag == "button":
            self.buttons.append((self.form, f"{name}={value or ''}" if name else ""))
        elif name and tag in ("select", "textarea"):
            self.open = Field(name, tag)
            self.form.fields.append(self.open)
        elif name and tag == "input":
            chosen = kind not in ("radio", "checkbox") or "checked" in given
            offered = [value or ""] if kind in ("radio", "checkbox") else []
            same = [each for each in self.form.fields if each.name == name and kind == "radio"]
            for before in same[:1]:
                before.values += offered
                before.value = value if chosen else before.value
            if not same:
                self.form.fields.append(Field(name, kind, value if chosen else None, offered))

    def handle_data(self, data: str) -> None:
        if self.in_title:
            self.titles[-1] += data
        if self.open is not None and self.open.kind == "textarea":
            self.open.value = (self.open.value or "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self.in_title = False
        if tag in ("select", "textarea"):
            self.open = None
        if tag == "form":
            self.form = None


def reader(text: str, page: str = "/") -> _Reader:
    made = _Reader(page)
    made.feed(text)
    return made


def links(text: str, page: str = "/") -> list[str]:
    return [link for link in reader(text, page).links if not urlparse(link).netloc]


def read(text: str, page: str) -> Iterator[Form]:
    """Every form that is posted, once for each of its buttons."""
    return posted(reader(text, page))


def posted(found: _Reader) -> Iterator[Form]:
    """The same of a page that is read already."""
    for form in found.forms:
        if form.method == "post":
            pressed = [words for its, words in found.buttons if its is form] or [""]
            for button in dict.fromkeys(pressed):
                yield Form(form.action, form.method, form.fields, button)
