"""What reports are made from, and the reports: each a Document of frozen values."""

from cqi.reporting.queries import region, rounds
from cqi.reporting.rules import content
from cqi.rounds.models import Round as Round

Report = content.Report
Result = rounds.Result
Wanted = region.Wanted
asked_of = region.asked_of
report = region.report
county_reports = region.county_reports
document_of = region.document_of
region_report = region.region_report
results = rounds.results
round_of = rounds.round_of
reaches = rounds.reaches
county_of = rounds.county_of
addresses = rounds.addresses
