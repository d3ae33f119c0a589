"""What people do with samples: bring in a frame, draw, propose and decide eliminations."""

from __future__ import annotations

from cqi.sampling.actions import drawing, eliminating, frames

MEGABYTES = frames.FRAME.megabytes
CaseList = frames.CaseList
FrameResult = frames.FrameResult
import_frame = frames.import_frame

NewDraw = drawing.NewDraw
draw = drawing.draw

NewElimination = eliminating.NewElimination
Decision = eliminating.Decision
propose_elimination = eliminating.propose_elimination
decide_elimination = eliminating.decide_elimination
