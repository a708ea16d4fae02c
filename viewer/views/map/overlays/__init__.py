"""What lies over the map and keeps its place while the map moves: cards, pointers, legend, buttons."""
