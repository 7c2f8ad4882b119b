"""Alerts: rules, what they find, one message for one cause, and its way to each channel."""
