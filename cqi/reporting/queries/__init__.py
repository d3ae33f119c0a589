"""What reports are made from, and the reports: each a Document of frozen values."""

from cqi.reporting.queries import region, rounds

Result = rounds.Result
Wanted = region.Wanted
asked_of = region.asked_of
region_report = region.region_report
results = rounds.results
round_of = rounds.round_of
