"""What lies behind the store: older series in Parquet files, copies to be kept elsewhere, and what time is over for."""
