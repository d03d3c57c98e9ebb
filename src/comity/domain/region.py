"""Regions of the world, by which messages are addressed: of each country, one."""

from enum import StrEnum


class Region(StrEnum):
    """The macro-regions of the United Nations' standard country codes (M49). A later release may know more."""

    AFRICA = "africa"
    AMERICAS = "americas"
    ASIA = "asia"
    EUROPE = "europe"
    OCEANIA = "oceania"


# Two letters as in ISO 3166-1. Kosovo and Taiwan have no code of their own in M49 and stand with their neighbours.
_COUNTRIES = {
    Region.AFRICA: "ao bf bi bj bw cd cf cg ci cm cv dj dz eg eh er et ga gh gm gn gq gw io ke km lr ls ly ma mg ml mr "
    "mu mw mz na ne ng re rw sc sd sh sl sn so ss st sz td tf tg tn tz ug yt za zm zw",
    Region.AMERICAS: "ag ai ar aw bb bl bm bo bq br bs bv bz ca cl co cr cu cw dm do ec fk gd gf gl gp gs gt gy hn ht "
    "jm kn ky lc mf mq ms mx ni pa pe pm pr py sr sv sx tc tt us uy vc ve vg vi",
    Region.ASIA: "ae af am az bd bh bn bt cn cy ge hk id il in iq ir jo jp kg kh kp kr kw kz la lb lk mm mn mo mv my "
    "np om ph pk ps qa sa sg sy th tj tl tm tr tw uz vn ye",
    Region.EUROPE: "ad al at ax ba be bg by ch cz de dk ee es fi fo fr gb gg gi gr hr hu ie im is it je li lt lu lv mc "
    "md me mk mt nl no pl pt ro rs ru se si sj sk sm ua va xk",
    Region.OCEANIA: "as au cc ck cx fj fm gu hm ki mh mp nc nf nr nu nz pf pg pn pw sb tk to tv um vu wf ws",
}
# Of the fictitious, two lie side by side, and one beyond the sea.
_FICTITIOUS = {"XA": Region.EUROPE, "XB": Region.EUROPE, "XC": Region.OCEANIA}
_REGIONS = {two: region for region, countries in _COUNTRIES.items() for two in countries.upper().split()} | _FICTITIOUS


def region(country: str) -> Region | None:
    """In which a country lies, by its two letters; None for organisations, and where nobody lives (Antarctica)."""
    return _REGIONS.get(country)
