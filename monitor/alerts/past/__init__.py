"""Rules of alerts played again over what the store keeps: what they would have found, and what would have been sent."""
