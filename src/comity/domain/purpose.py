"""Why somebody asks: the closed list of purposes."""

from enum import StrEnum


class Purpose(StrEnum):
    """After the closed list of INTERPOL's Rules on the Processing of Data, article 10."""

    WANTED_PERSONS = "wanted-persons"  # search for someone with a view to arrest
    LOCATE = "locate"  # locate a person or an object
    CRIMINAL_INVESTIGATION = "criminal-investigation"
    WARN = "warn"  # of a person, an event, an object
    IDENTIFY = "identify"  # a person or a body
    FORENSICS = "forensics"
    SECURITY_CHECK = "security-check"
    ANALYSIS = "analysis"
    BORDER_CONTROL = "border-control"
