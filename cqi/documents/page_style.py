"""The look of a report as a file of its own: nothing is fetched, and it prints."""

CSS = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem 1.25rem 3rem; background: #fff;
  color: #1b1b1b; font: 1.06rem/1.5 "Source Sans Pro", "Segoe UI", Helvetica, Arial, sans-serif; }
a { color: #005ea2; }
:focus-visible { outline: .25rem solid #2491ff; }
.usa-sr-only { position: absolute; left: -999em; }
.doc { overflow-wrap: break-word; }
.doc-kicker { color: #1a4480; font-weight: 600; margin: 2.5rem 0 .25rem; }
.doc-place { font-size: 2.4rem; line-height: 1.15; margin: 0; }
.doc-subtitle { font-size: 1.25rem; color: #3d4551; margin: .25rem 0 1.5rem; }
.doc-title { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .75rem; }
.doc-heading { font-size: 1.1rem; margin: 1.5rem 0 .5rem; }
.doc-lead { font-size: 1.15rem; color: #3d4551; }
.doc-small { font-size: .95rem; color: #3d4551; }
.doc-note, .doc-footer, .doc-back { font-size: .9rem; color: #565c65; margin: .25rem 0; }
.doc-facts, .doc-facts dd, .doc-glossary dd { margin: 0; }
.doc-facts > div, .doc-side { display: grid; grid-template-columns: 12rem minmax(0, 1fr); gap: 1rem;
  padding: .3rem 0; }
.doc-facts > div { border-bottom: 1px solid #dfe1e2; }
.doc-facts dt { color: #565c65; }
.doc-glossary { columns: 2; column-gap: 2rem; }
.doc-glossary > div { break-inside: avoid; margin-bottom: .5rem; }
.doc-glossary dt { font-weight: 600; }
.doc-side { border-top: 1px solid #a9aeb1; padding: .75rem 0; }
.doc-side__head { font-size: 1rem; margin: 0; }
.doc-side__body > :first-child { margin-top: 0; }
.doc-ticks, .doc-blanks { list-style: none; padding: 0; margin: .5rem 0; }
.doc-ticks li { display: flex; gap: .5rem; margin-bottom: .25rem; font-size: .95rem; }
.doc-box { display: inline-block; flex: none; width: .8rem; height: .8rem;
  margin: .25rem .35rem 0 0; border: 1px solid #3d4551; }
.doc-blanks { display: grid; gap: .4rem 2rem; }
.doc-blanks--2 { grid-template-columns: repeat(2, minmax(0, 1fr)); }
.doc-blanks--3 { grid-template-columns: repeat(3, minmax(0, 1fr)); }
.doc-blanks li { display: flex; flex-wrap: wrap; gap: 0 .75rem; align-items: flex-end; }
.doc-blank__choice { display: flex; }
.doc-line { display: block; flex: 1; min-width: 3rem; height: 1.7rem;
  border-bottom: 1px solid #565c65; }
.doc-columns { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 2rem; }
.doc-tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem;
  list-style: none; padding: .75rem 0; margin: 1rem 0; border-top: 2px solid #1b1b1b; }
.doc-tile__number { display: block; font-size: 2.2rem; font-weight: 600; line-height: 1.2; }
.doc-mark { flex: none; vertical-align: -.1em; margin-right: .3rem; }
.doc-findings, .doc-signatures { list-style: none; padding: 0; }
.doc-findings li { display: flex; gap: .6rem; margin-bottom: .6rem; }
.doc-text { margin: 0 0 .75rem; }
.doc-findings__text .doc-text { margin: 0; }
.doc-signatures { display: flex; gap: 2rem; padding-top: 3rem; }
.doc-signatures li { flex: 1; border-top: 1px solid #3d4551; font-size: .95rem; }
.doc-figure { margin: 1.5rem 0; }
.doc-figure__title { display: block; font-weight: 600; font-size: 1.1rem; }
.doc-figure__measure { color: #565c65; font-size: .9rem; }
.doc-figure__drawing, .usa-table-container--scrollable { overflow-x: auto; }
.doc-drawing { display: block; width: 100%; min-width: 40rem; height: auto; }
.doc-table { border-collapse: collapse; width: 100%; font-size: .93rem; line-height: 1.3;
  margin: .5rem 0; font-variant-numeric: tabular-nums;
  border-top: 2px solid #1b1b1b; border-bottom: 2px solid #1b1b1b; }
.doc-table caption { text-align: left; font-weight: 600; padding-bottom: .25rem; }
.doc-table th, .doc-table td { padding: .35rem .5rem; text-align: left; vertical-align: top; }
.doc-table tbody > tr > * { border-top: 1px solid #dfe1e2; }
.doc-table tbody > tr:first-child > * { border-top: 2px solid #1b1b1b; }
.doc-table tbody th { font-weight: 400; min-width: 11rem; }
.doc-table .doc-number { text-align: right; white-space: nowrap; }
.doc-table .doc-group { text-align: center; }
.doc-table .doc-row--strong > * { font-weight: 600; }
.doc-table .doc-row--ruled > * { border-top: 1px dotted #565c65; }
.doc-table .doc-indent-1 { padding-left: 1.5rem; }
.doc-table .doc-indent-2 { padding-left: 2.5rem; }
@media (max-width: 40em) {
  .doc-columns, .doc-facts > div, .doc-side { grid-template-columns: minmax(0, 1fr); gap: .25rem; }
  .doc-glossary { columns: 1; }
  .doc-blanks { grid-template-columns: minmax(0, 1fr); }
}
@media print {
  .doc-figure, .doc-side, .doc-table tr { break-inside: avoid; }
  .doc-title, .doc-heading { break-after: avoid; }
  .doc-contents, .doc-back { display: none; }
  details:not([open])::details-content { content-visibility: visible; height: auto; }
  .usa-table-container--scrollable { overflow: visible; }
  .doc-table { font-size: 8pt; }
  .doc-table th, .doc-table td { padding: 2pt 3pt; white-space: normal; }
}
"""
