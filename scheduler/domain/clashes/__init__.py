"""Airings and meetings that want the same time, and the ways out."""
