"""Vectors → results: similarity, arithmetic, search, and what explains them."""
