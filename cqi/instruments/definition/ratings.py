"""The ratings that items and components can have."""

from __future__ import annotations

from enum import StrEnum


class Rating(StrEnum):
    """Ratings of items (the first three) and of components (the last four)."""

    STRENGTH = "strength"
    AREA_NEEDING_IMPROVEMENT = "area_needing_improvement"
    NOT_APPLICABLE = "not_applicable"
    SUBSTANTIALLY_ACHIEVED = "substantially_achieved"
    PARTIALLY_ACHIEVED = "partially_achieved"
    NOT_ACHIEVED = "not_achieved"

    @property
    def label(self) -> str:
        """The rating in words for a page: "Area needing improvement"."""
        return self.value.replace("_", " ").capitalize()

    @property
    def noun(self) -> str:
        """What an item is that has this rating: "an area needing improvement"."""
        return _NOUNS.get(self, self.value.replace("_", " "))


_NOUNS = {
    Rating.STRENGTH: "a strength",
    Rating.AREA_NEEDING_IMPROVEMENT: "an area needing improvement",
}
ITEM_RATINGS = (Rating.STRENGTH, Rating.AREA_NEEDING_IMPROVEMENT, Rating.NOT_APPLICABLE)
COMPONENT_RATINGS = (
    Rating.SUBSTANTIALLY_ACHIEVED,
    Rating.PARTIALLY_ACHIEVED,
    Rating.NOT_ACHIEVED,
    Rating.NOT_APPLICABLE,
)
