"""Measures beside the score, which enter nothing: PageRank, temporal PageRank, brokerage. docs/ranking.md, section 15."""
