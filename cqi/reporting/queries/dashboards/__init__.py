"""What dashboards show, as far as the actor's grants reach."""

from cqi.reporting.queries.dashboards import behind, boards, measure, places, states

Place = places.Place
Look = boards.Look
Figure = behind.Figure
MeasurePage = measure.MeasurePage
Behind = behind.Behind
SHOWN = behind.SHOWN
region = places.region
county = places.county
state = states.state
region_board = boards.region_board
county_board = boards.county_board
region_measure = measure.region_measure
county_measure = measure.county_measure
cases_behind = behind.cases_behind
