"""The daemon: the monitor's parts kept running, by one process at a time, in step with the operator's files."""
