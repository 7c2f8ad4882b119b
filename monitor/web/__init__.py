"""The HTTP side: health, metrics, the page and the API."""
