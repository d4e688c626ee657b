"""Classify objects of other libraries without knowing these libraries."""
