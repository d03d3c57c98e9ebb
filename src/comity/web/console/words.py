"""The words for codes: how people say the values of the vocabularies that pages show."""

# name of the vocabulary: {code: message}; every message is translated
WORDS: dict[str, dict[str, str]] = {
    "Theme": {"system": "as the device", "light": "light", "dark": "dark"},
    "Role": {
        "officer": "officer",
        "duty-officer": "duty officer",
        "supervisor": "supervisor",
        "reviewer": "reviewer",
        "data-protection-officer": "data protection officer",
        "auditor": "auditor",
        "supervisory-body": "supervisory body",
        "analyst": "analyst",
        "administrator": "administrator",
        "system": "system",
    },
    "Purpose": {
        "wanted-persons": "wanted persons",
        "locate": "locating a person or object",
        "criminal-investigation": "criminal investigation",
        "warn": "warning",
        "identify": "identification",
        "forensics": "forensics",
        "security-check": "security check",
        "analysis": "analysis",
        "border-control": "border control",
    },
}
