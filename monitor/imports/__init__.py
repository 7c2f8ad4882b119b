"""Files people have: X pages as twarc writes them."""
