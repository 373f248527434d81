"""Text → unit vectors. The only package that knows torch and sentence-transformers."""
