"""From the bytes of a file to grids of cells, within limits of size and memory."""
