"""Manners towards other people's servers: one client, its limits and its patience."""
