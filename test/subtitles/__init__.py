"""What subtitles promise; files are read back by the parsers of others."""
