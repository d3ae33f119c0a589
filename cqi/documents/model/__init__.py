"""What a document is made of: sections, blocks, tables and figures as frozen values.

A Document knows nothing about its outputs. Text is plain: a string, a `Span`, or a tuple of both;
whatever it holds (`<`, `&`, `=`) is printed as it stands, on a page and in a PDF.
"""

from __future__ import annotations

from cqi.documents.model import blocks, document, tables, words

Span = words.Span
Words = words.Words
spans = words.spans
plain = words.plain

Datum = tables.Datum
Percent = tables.Percent
Kind = tables.Kind
Column = tables.Column
Group = tables.Group
Cell = tables.Cell
Row = tables.Row
shown = tables.shown
Table = tables.Table
Figure = tables.Figure

Text = blocks.Text
Lead = blocks.Lead
Heading = blocks.Heading
Bullets = blocks.Bullets
Marked = blocks.Marked
Findings = blocks.Findings
Fact = blocks.Fact
FactList = blocks.FactList
Glossary = blocks.Glossary
Tile = blocks.Tile
Tiles = blocks.Tiles
Columns = blocks.Columns
SideHead = blocks.SideHead
SideHeads = blocks.SideHeads
Ticks = blocks.Ticks
Blank = blocks.Blank
Blanks = blocks.Blanks
Signatures = blocks.Signatures
PageBreak = blocks.PageBreak
Block = blocks.Block
inner = blocks.inner
with_inner = blocks.with_inner
texts = blocks.texts

Section = document.Section
Document = document.Document
