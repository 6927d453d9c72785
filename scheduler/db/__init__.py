"""The database: the only place that touches rows. `tables` defines them, `find` asks, `load` makes
values.
"""
