"""Redis with time series: keys, the atomic ingest, reads, runs, and a private server for one machine."""
