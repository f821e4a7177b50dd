"""What a form contains: data of the record put in the order of a school's own papers; no layout."""
