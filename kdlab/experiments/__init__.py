"""The evidence: one experiment for each mechanism, and the record it leaves in results/."""
