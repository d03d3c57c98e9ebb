"""The weights that `make learn` fits, by name: what each sign of likeness or difference is worth in bits."""

# (name, start value, least, most): signs and ranges are constrained, so that nothing can be learned that makes
# agreement count against or conflict count for.
WEIGHTS: tuple[tuple[str, float, float, float], ...] = (
    ("MATCH_BASE", 2.93, -2.0, 6.0),  # a word that answers to a word
    ("MATCH_RARITY", 0.24, 0.15, 1.0),  # for each bit of the word's rarity
    ("MISMATCH", 4.9, 0.5, 14.0),  # against, for a pair that is hardly alike, taken by its unlikeness
    ("SOUND", 1.0, 0.6, 1.0),  # likeness of two spellings with one folded form
    ("LIKE_10", 1.0, 0.0, 1.0),  # likeness at so many hundredths of distance; a straight line between
    ("LIKE_20", 0.76, 0.0, 1.0),
    ("LIKE_30", 0.66, 0.0, 1.0),
    ("LIKE_45", 0.26, 0.0, 1.0),
    ("NICKNAME", 0.95, 0.0, 1.0),  # likeness of a name and its short form
    ("VARIANT", 0.37, 0.0, 1.0),  # likeness of two forms of one name in the lists of variants
    ("INITIAL", 0.77, 0.0, 0.8),  # likeness of an initial and a word that begins with it
    ("JOINED", 1.21, 0.0, 3.0),  # against, where two words had to be read as one
    ("CONFLICT", 3.17, 0.5, 10.0),  # against, for each pair of words left on both sides
    ("CROSSED", 1.05, 0.0, 3.0),  # against, where a family name answers to a given name
    ("LEFT_UNKNOWN", 0.44, 0.0, 3.0),  # against, for a word that only one side has, by its role
    ("LEFT_FAMILY", 0.96, 0.0, 5.0),
    ("LEFT_GIVEN", 2.26, 0.0, 3.0),
    ("LEFT_MIDDLE", 0.02, 0.0, 0.5),
    ("LEFT_PATRONYMIC", 0.04, 0.0, 0.5),
    ("LEFT_FAMILY_MORE", 0.05, 0.0, 3.0),  # the second of two family names
    ("WHOLE", 1.91, 0.0, 5.0),  # nothing left on either side
    ("COUNT", 0.34, 0.0, 1.0),  # against, per match and doubling of the words it might have matched
    ("ONE_WORD", 0.0, 0.0, 6.0),  # against, where one side has a single word
    # Likeness of a word in another script, by evidence in hundredths of what its letters cost a model of no names.
    ("NATIVE_LESS_30", 0.08, 0.0, 1.0),
    ("NATIVE_LESS_10", 0.09, 0.0, 1.0),
    ("NATIVE_10", 0.31, 0.0, 1.0),
    ("NATIVE_30", 0.5, 0.0, 1.0),
    ("NATIVE_50", 1.0, 0.0, 1.0),
    (
        "LAPSE_LATIN",
        -2.48,
        -12.0,
        -2.0,
    ),  # least bits of a name: the same person under a name that has nothing in common
    ("LAPSE_NATIVE", -8.08, -12.0, -2.0),
    ("LAPSE_HAN", -7.0, -12.0, -2.0),
    ("LAPSE_HANGUL", -4.0, -12.0, -2.0),
    ("LAPSE_KANA", -8.0, -12.0, -2.0),
    ("LAPSE_CYRILLIC", -8.0, -12.0, -2.0),
    ("LAPSE_ABJAD", -8.0, -12.0, -2.0),
    ("INTERCEPT_LATIN", -5.28, -16.0, 2.0),
    ("INTERCEPT_NATIVE", -3.01, -16.0, 2.0),
    ("INTERCEPT_HAN", -2.5, -16.0, 2.0),
    ("INTERCEPT_HANGUL", -3.0, -16.0, 2.0),
    ("INTERCEPT_KANA", -3.0, -16.0, 2.0),
    ("INTERCEPT_CYRILLIC", -4.0, -16.0, 2.0),
    ("INTERCEPT_ABJAD", -3.0, -16.0, 2.0),
    ("NAME_CAP", 11.69, 8.0, 16.0),  # most bits of a name
    # Dates of birth, by DateLevel.
    ("DATE_SAME", 10.04, 4.0, 13.0),
    ("DATE_SWAPPED", 7.0, 2.0, 10.0),
    ("DATE_ONE_DIGIT", 5.73, 1.0, 9.0),
    ("DATE_YEAR_APART", 5.0, 1.0, 8.0),
    ("DATE_MONTH_ONLY", 5.0, 2.0, 8.0),
    ("DATE_SAME_YEAR_MONTH", 3.01, 0.5, 7.0),
    ("DATE_NEW_YEAR", 3.01, 1.0, 6.0),
    ("DATE_YEAR_ONLY", 3.0, 1.0, 6.0),
    ("DATE_SAME_DAY", 1.5, 0.0, 6.0),
    ("DATE_SAME_YEAR", -0.53, -4.0, 0.0),
    ("DATE_NEAR", -1.34, -6.0, 0.0),
    ("DATE_FAR", -3.04, -8.0, 0.0),
    ("DATE_CONFLICT", -4.8, -10.0, -1.0),
    ("DATE_OTHER_CALENDAR", 1.5, 1.5, 1.5),  # against, where a date agrees only if it is read in another calendar
    ("PLACE_SAME", 4.99, 1.0, 8.0),
    ("PLACE_LETTER", 0.1, 0.0, 0.5),  # more for each letter over six: long names of places are of smaller places
    ("PLACE_CONFLICT", -2.65, -5.0, 0.0),
    # Stated, not learned: pairs for learning know nothing of these.
    ("SEX_SAME", 0.9, 0.9, 0.9),  # half of all people
    ("SEX_CONFLICT", -4.0, -4.0, -4.0),  # one record in sixteen of the same person may be wrong or unsure
    ("NATIONALITY_SAME", 0.5, 0.5, 0.5),  # for each bit of the country's share of the world; neighbours meet more often
    ("NATIONALITY_RELATED", 0.25, 0.25, 0.25),  # a state and the one it came from
    ("NATIONALITY_CONFLICT", -1.5, -1.5, -1.5),
    ("DOCUMENT_SAME", 40.0, 40.0, 40.0),  # an exact number outweighs a name that does not fit
    ("DOCUMENT_NO_COUNTRY", 25.0, 25.0, 25.0),
    ("DOCUMENT_LOOK_ALIKE", 12.0, 12.0, 12.0),
    ("DOCUMENT_OTHER_COUNTRY", 8.0, 8.0, 8.0),
)
(
    MATCH_BASE,
    MATCH_RARITY,
    MISMATCH,
    SOUND,
    LIKE_10,
    LIKE_20,
    LIKE_30,
    LIKE_45,
    NICKNAME,
    VARIANT,
    INITIAL,
    JOINED,
    CONFLICT,
    CROSSED,
    LEFT_UNKNOWN,
    LEFT_FAMILY,
    LEFT_GIVEN,
    LEFT_MIDDLE,
    LEFT_PATRONYMIC,
    LEFT_FAMILY_MORE,
    WHOLE,
    COUNT,
    ONE_WORD,
    NATIVE_LESS_30,
    NATIVE_LESS_10,
    NATIVE_10,
    NATIVE_30,
    NATIVE_50,
    LAPSE_LATIN,
    LAPSE_NATIVE,
    LAPSE_HAN,
    LAPSE_HANGUL,
    LAPSE_KANA,
    LAPSE_CYRILLIC,
    LAPSE_ABJAD,
    INTERCEPT_LATIN,
    INTERCEPT_NATIVE,
    INTERCEPT_HAN,
    INTERCEPT_HANGUL,
    INTERCEPT_KANA,
    INTERCEPT_CYRILLIC,
    INTERCEPT_ABJAD,
    NAME_CAP,
    DATE_SAME,
    DATE_SWAPPED,
    DATE_ONE_DIGIT,
    DATE_YEAR_APART,
    DATE_MONTH_ONLY,
    DATE_SAME_YEAR_MONTH,
    DATE_NEW_YEAR,
    DATE_YEAR_ONLY,
    DATE_SAME_DAY,
    DATE_SAME_YEAR,
    DATE_NEAR,
    DATE_FAR,
    DATE_CONFLICT,
    DATE_OTHER_CALENDAR,
    PLACE_SAME,
    PLACE_LETTER,
    PLACE_CONFLICT,
    SEX_SAME,
    SEX_CONFLICT,
    NATIONALITY_SAME,
    NATIONALITY_RELATED,
    NATIONALITY_CONFLICT,
    DOCUMENT_SAME,
    DOCUMENT_NO_COUNTRY,
    DOCUMENT_LOOK_ALIKE,
    DOCUMENT_OTHER_COUNTRY,
) = range(len(WEIGHTS))
