"""How well evidence answers, in numbers: the features, and the weights fitted to them."""
