"""The nomenclature: kinds of files and how long each is kept, for the school to confirm."""
