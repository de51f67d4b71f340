"""A comparison as a page that stands by itself: without scripts, and without addresses of anything else.
``document.page`` is the door."""
