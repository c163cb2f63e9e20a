"""Rank-change receipts: what lies between two runs, cause by cause, adding up exactly. docs/ranking.md, section 13."""
