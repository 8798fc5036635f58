"""Makes the pages in the generated style from the code; ``docs/generate.py`` writes them."""
