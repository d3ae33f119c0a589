"""What dashboards show, as far as the actor's grants reach."""

from cqi.reporting.queries.dashboards import across, behind, boards, measure, places, states, trend

Place = places.Place
Look = boards.Look
Figure = behind.Figure
MeasurePage = measure.MeasurePage
Across = across.Across
Behind = behind.Behind
Trend = trend.Trend
SHOWN = behind.SHOWN
region = places.region
county = places.county
state = states.state
region_board = boards.region_board
county_board = boards.county_board
region_measure = measure.region_measure
state_measure = across.state_measure
county_measure = measure.county_measure
cases_behind = behind.cases_behind
