"""How much it says that two people are of one country: the rarer its citizens, the more; and which states were one."""

from functools import cache
from math import log2

# Population in millions, rounded; countries that are not listed have fewer than five. Source: United Nations, World
# Population Prospects 2024, medium variant.
_MILLIONS = """
IN 1451 CN 1419 US 345 ID 283 PK 251 NG 233 BR 212 BD 174 RU 145 ET 132 MX 131 JP 124 EG 117 PH 116 CD 109 VN 101 IR 92
TR 87 DE 85 TH 72 TZ 69 GB 69 FR 67 ZA 64 IT 59 KE 56 MM 55 CO 53 KR 52 SD 50 UG 50 ES 48 DZ 47 IQ 46 AR 46 AF 43 YE 41
CA 40 PL 39 MA 38 AO 38 UA 38 UZ 36 MY 36 MZ 35 GH 34 PE 34 SA 34 MG 32 CI 32 NP 30 CM 29 VE 28 NE 27 AU 27 KP 26 SY 25
ML 24 BF 24 TW 23 LK 23 MW 22 ZM 21 KZ 21 TD 20 CL 20 RO 19 SO 19 SN 18 GT 18 NL 18 EC 18 KH 18 ZW 17 GN 15 BJ 14 RW 14
BI 14 BO 12 TN 12 SS 12 BE 12 HT 12 JO 12 DO 11 AE 11 CU 11 SE 11 HN 11 CZ 11 TJ 11 PG 11 PT 10 AZ 10 GR 10 HU 10 TG 10
IL 9 AT 9 BY 9 CH 9 SL 9 LA 8 TM 7 LY 7 HK 7 KG 7 PY 7 NI 7 BG 7 RS 7 CG 6 SV 6 DK 6 SG 6 LB 6 FI 6 NO 6 LR 6 SK 6 PS 5
CF 5 OM 5 IE 5 NZ 5 MR 5 CR 5 KW 5
"""
_WORLD_MILLIONS, _OTHERS_MILLIONS = 8162, 3
RARITY_MAX_BITS = 8.0

# States that were one within living memory: papers of the one were exchanged for papers of the others.
_ONCE_ONE = (
    "RU UA BY MD KZ UZ TM KG TJ AZ AM GE LT LV EE",
    "RS HR BA SI MK ME XK",
    "CZ SK",
    "ET ER",
    "SD SS",
    "ID TL",
    "PK BD",
    "CN HK MO",
    "NA ZA",
)


@cache
def rarity(code: str) -> float:
    """Bits: log2 of the world's people for each one of this country; at most 8."""
    return min(RARITY_MAX_BITS, log2(_WORLD_MILLIONS / _populations().get(code, _OTHERS_MILLIONS)))


@cache
def once_one(code: str) -> int:
    """The number of the state that this one came from, or 0."""
    return next((number for number, states in enumerate(_ONCE_ONE, 1) if code in states.split()), 0)


@cache
def _populations() -> dict[str, int]:
    found = _MILLIONS.split()
    return dict(zip(found[::2], map(int, found[1::2]), strict=True))
