"""Media of the demo city: pictures and sound without copyright, made in about a minute."""

from media.demo.make import DemoClip, make_demo_media

__all__ = ["DemoClip", "make_demo_media"]
