"""The Assistant page and its panel on Generate."""
