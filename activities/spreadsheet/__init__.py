"""Activities out as a spreadsheet and in again: its columns, what a cell means, what a row changes, and the saving."""
