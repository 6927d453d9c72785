"""Pages of programs, media and bulletins."""

# It has no address of its own, only a section of the page of a file.
from web.library.asset_copies import copies_section as copies_section
