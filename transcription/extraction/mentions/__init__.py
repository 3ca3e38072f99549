"""Who is named: units, classes, bodies outside the roster, persons, and lists of them."""
