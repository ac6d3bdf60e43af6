"""Speed, memory and size beside named peers, measured in one run."""
