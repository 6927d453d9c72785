"""The engine: decks, program bus and outputs. It puts one frame on air every tick, whatever
happens.
"""
