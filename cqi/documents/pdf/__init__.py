"""A Document as a PDF: US Letter, every font embedded, bookmarks, one pass."""

from cqi.documents.pdf.rendering import render

__all__ = ["render"]
