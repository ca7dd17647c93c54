"""What two texts have in common, what sets them apart, and what cannot both be right."""
