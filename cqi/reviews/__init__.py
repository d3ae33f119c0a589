"""Case reviews: assignment, answers, evidence, ratings and QA."""
