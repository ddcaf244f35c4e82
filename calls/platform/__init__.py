"""Files of a call from the export of the State's forms platform.

`columns` says what is read and under which titles, `reading` makes values of cells, `matching`
finds the poles and the organisations that they name, `planning` says line by line what would be
done, `writing` tries it out and writes it.
"""
