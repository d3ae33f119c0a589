"""The state's report: the newest round of each region, side by side and added up."""

from cqi.reporting.queries.states import content, counties, reading, side, standing, summary

StateReport = content.StateReport
Wanted = content.Wanted
report = reading.report
read = reading.read
asked = reading.asked
newest = reading.newest
rounds = reading.rounds_by
SECTIONS = {
    "state_summary": summary.summary,
    "maps": counties.on_maps,
    "regions": side.regions,
    "slopes": side.change,
    "years": side.years,
    "rollout": standing.rollout,
    "quality": standing.quality,
    "plans": standing.plans,
    "runs": standing.runs,
}
