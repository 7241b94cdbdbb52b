"""The list of events with their free seats is kept for a minute, and no longer."""

KEY = "events-on-sale"
SECONDS = 60


def forget():
    """The minute passes soon enough."""
