"""Country calling codes (ITU-T E.164, list of assigned codes) and how each country writes numbers within itself."""

# country calling code: the countries behind it, by their two letters; "" for services that belong to none
_CODES = """
1 US CA AG AS BB BM BS DM DO GD GU JM KN KY LC MP MS PR SX TC TT VC VG VI | 7 RU KZ | 20 EG | 27 ZA | 30 GR
31 NL | 32 BE | 33 FR | 34 ES | 36 HU | 39 IT VA | 40 RO | 41 CH | 43 AT | 44 GB GG IM JE | 45 DK | 46 SE
47 NO SJ BV | 48 PL | 49 DE | 51 PE | 52 MX | 53 CU | 54 AR | 55 BR | 56 CL | 57 CO | 58 VE | 60 MY
61 AU CX CC | 62 ID | 63 PH | 64 NZ PN | 65 SG | 66 TH | 81 JP | 82 KR | 84 VN | 86 CN | 90 TR | 91 IN | 92 PK
93 AF | 94 LK | 95 MM | 98 IR | 211 SS | 212 MA EH | 213 DZ | 216 TN | 218 LY | 220 GM | 221 SN | 222 MR
223 ML | 224 GN | 225 CI | 226 BF | 227 NE | 228 TG | 229 BJ | 230 MU | 231 LR | 232 SL | 233 GH | 234 NG
235 TD | 236 CF | 237 CM | 238 CV | 239 ST | 240 GQ | 241 GA | 242 CG | 243 CD | 244 AO | 245 GW | 246 IO
247 SH | 248 SC | 249 SD | 250 RW | 251 ET | 252 SO | 253 DJ | 254 KE | 255 TZ | 256 UG | 257 BI | 258 MZ
260 ZM | 261 MG | 262 RE YT TF | 263 ZW | 264 NA | 265 MW | 266 LS | 267 BW | 268 SZ | 269 KM | 290 SH
291 ER | 297 AW | 298 FO | 299 GL | 350 GI | 351 PT | 352 LU | 353 IE | 354 IS | 355 AL | 356 MT | 357 CY
358 FI AX | 359 BG | 370 LT | 371 LV | 372 EE | 373 MD | 374 AM | 375 BY | 376 AD | 377 MC | 378 SM | 380 UA
381 RS | 382 ME | 383 XK | 385 HR | 386 SI | 387 BA | 389 MK | 420 CZ | 421 SK | 423 LI | 500 FK GS | 501 BZ
502 GT | 503 SV | 504 HN | 505 NI | 506 CR | 507 PA | 508 PM | 509 HT | 590 GP BL MF | 591 BO | 592 GY
593 EC | 594 GF | 595 PY | 596 MQ | 597 SR | 598 UY | 599 CW BQ | 670 TL | 672 NF AQ HM | 673 BN | 674 NR
675 PG | 676 TO | 677 SB | 678 VU | 679 FJ | 680 PW | 681 WF | 682 CK | 683 NU | 685 WS | 686 KI | 687 NC
688 TV | 689 PF | 690 TK | 691 FM | 692 MH | 850 KP | 852 HK | 853 MO | 855 KH | 856 LA | 880 BD | 886 TW
960 MV | 961 LB | 962 JO | 963 SY | 964 IQ | 965 KW | 966 SA | 967 YE | 968 OM | 970 PS | 971 AE | 972 IL
973 BH | 974 QA | 975 BT | 976 MN | 977 NP | 992 TJ | 993 TM | 994 AZ | 995 GE | 996 KG | 998 UZ | 800 | 808
870 | 878 | 881 | 882 | 883 | 888 | 979
"""


def _lines() -> list[list[str]]:
    return [part.split() for line in _CODES.splitlines() for part in line.split("|") if part.strip()]


CALLING_CODES = frozenset(words[0] for words in _lines())
CODE_OF = {country: words[0] for words in _lines() for country in words[1:]} | {"AI": "1"}

# Numbers are dialled whole: a first digit (in Italy often a 0) belongs to them.
_WHOLE = """
IT VA SM ES PT DK NO SJ PL CZ GR CY MT LU LV EE IS MC AD LI GI FO GL MX CL PE CR PA SV GT HN NI CU QA KW BH OM HK MO SG
TN SN CI CM BF BJ ML NE TG GA CG MR MU SC
""".split()  # noqa: SIM905
# What is dialled before a number within its country and falls away from abroad; everywhere else it is 0.
TRUNK_PREFIXES: dict[str, str] = {
    **dict.fromkeys("RU KZ BY TM UZ".split(), "8"),  # noqa: SIM905
    "HU": "06",
    **dict.fromkeys(_WHOLE, ""),
    # The North American plan: 1 before ten digits.
    **dict.fromkeys((country for country, code in CODE_OF.items() if code == "1"), "1"),
}
# What is dialled for abroad; everywhere else it is 00.
INTERNATIONAL_PREFIXES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((country for country, code in CODE_OF.items() if code == "1"), ("011",)),
    "RU": ("810", "00"),
    "KZ": ("810", "00"),
    "BY": ("810", "00"),
    "TM": ("810", "00"),
    "UZ": ("810", "00"),
    "AU": ("0011", "00"),
    "JP": ("010", "00"),
    "KR": ("001", "002", "00"),
    "HK": ("001", "00"),
    "SG": ("001", "000", "00"),
    "TH": ("001", "00"),
    "ID": ("001", "007", "00"),
    "KE": ("000", "00"),
    "TZ": ("000", "00"),
    "UG": ("000", "00"),
    "NG": ("009", "00"),
    "IL": ("012", "013", "014", "00"),
    "CO": ("009", "007", "005", "00"),
    "CU": ("119",),
}
