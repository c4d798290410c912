"""One thin Processing algorithm per file."""
