"""Makes the demo city's own media: pictures and sound that belong to nobody, in a minute or so."""

from media.demo.make import DemoClip, make_demo_media

__all__ = ["DemoClip", "make_demo_media"]
