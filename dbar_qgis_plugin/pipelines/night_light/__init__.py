"""Night light: from products to figures of zones and dates."""
