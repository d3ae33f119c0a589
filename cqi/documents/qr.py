"""A text as a QR code: one inline SVG path, with presentation attributes only."""

from __future__ import annotations

from markupsafe import Markup
from reportlab.graphics.barcode import qrencoder

_QUIET = 4  # modules of white around it, as the standard asks


def svg(text: str, title: str) -> Markup:
    """The picture, named for those who do not see it."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(qrencoder.QR8bitByte(text))
    code.make()
    size = code.getModuleCount()
    dark = (
        f"M{column + _QUIET} {row + _QUIET}h1v1h-1z"
        for row in range(size)
        for column in range(size)
        if code.isDark(row, column)
    )
    side = size + 2 * _QUIET
    return Markup(
        '<svg class="qr" viewBox="0 0 {side} {side}" width="{pixels}" height="{pixels}" role="img"'
        ' aria-label="{title}" focusable="false" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{dark}"/></svg>'
    ).format(side=side, pixels=side * 4, title=title, dark="".join(dark))
