"""Charts as Vega-Lite, one definition for page, mail and export: the numbers of a brief, the race of a poll."""
