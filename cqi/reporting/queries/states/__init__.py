"""The state's report: the newest round of each region, side by side and added up."""

from cqi.reporting.queries.states import reading

StateReport = reading.StateReport
report = reading.report
region_rounds = reading.region_rounds
