"""A Document as a PDF: US Letter, every font embedded, bookmarks, one pass."""

from cqi.documents.pdf import rendering

render = rendering.render
