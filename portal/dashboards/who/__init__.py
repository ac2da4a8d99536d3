"""Who does what: the list, the map and the matrix of activities."""
