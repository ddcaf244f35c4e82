"""Spreadsheets of the networks: from their cells to changes of records, and back.

`columns` names what is read, `recognising` finds it in a file, `planning` says row by row what an
import would do, `applying` does it in one transaction, `exporting` writes what can come back.
"""
