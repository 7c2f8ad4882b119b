"""What leaves the monitor as numbers: a metric over time, files that a spreadsheet opens rightly, reports on paper."""
