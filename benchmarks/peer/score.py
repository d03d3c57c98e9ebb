"""Run by the peer's own Python: nomenklatura scores the same pairs, one core, nothing of Comity.

score.py ALGORITHM OUT_FOLDER PAIRS... writes every pair again with its score as `probability`, and prints as JSON how
long it took: from the JSON object on, and once more with all that the peer remembers of the persons (comparing alone).
"""

import gzip
import json
import sys
import time
from pathlib import Path
from typing import Any

from followthemoney.entity import ValueEntity
from nomenklatura.matching import get_algorithm

BATCH = 250  # pairs: the peer remembers the names of a thousand
# The first comparison of each kind loads tables for several seconds; that is not counted.
WARM = (
    "Ada Zorvimel",
    "Ада Зорвимел",
    "أدا زورفيمل",
    "אדה זורווימל",
    "阿達·佐維梅爾",
    "アダ・ゾルビメル",
    "에이다 조르비멜",
    "Άντα",
)


def person(told: dict[str, str], number: str) -> ValueEntity:
    """The peer remembers what it made of an entity by its id: each gets one of its own."""
    properties = {"name": [told["name"]] if told.get("name") else []}
    for field, name in (("dob", "birthDate"), ("place", "birthPlace")):
        if told.get(field):
            properties[name] = [told[field]]
    return ValueEntity.from_dict({"id": f"p{number}", "schema": "Person", "properties": properties})


def rows(path: Path) -> list[dict[str, Any]]:
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def main(algorithm: str, out_folder: str, *files: str) -> None:
    chosen = get_algorithm(algorithm)
    config = chosen.default_config()
    for left in WARM:
        for right in WARM:
            chosen.compare(person({"name": left}, f"w{left}"), person({"name": right}, f"w{right}"), config)
    told = {}
    for file in map(Path, files):
        pairs, scores = rows(file), []
        whole = again = 0.0
        for start in range(0, len(pairs), BATCH):
            batch = pairs[start : start + BATCH]
            began = time.process_time()
            made = [
                (person(one["l"], f"{file}l{start + n}"), person(one["r"], f"{file}r{start + n}"))
                for n, one in enumerate(batch)
            ]
            scores += compared(chosen, made, config)
            scored = time.process_time()
            compared(chosen, made, config)
            whole, again = whole + scored - began, again + time.process_time() - scored
        with open(Path(out_folder) / file.name.removesuffix(".gz"), "w", encoding="utf-8") as stream:
            for pair, score in zip(pairs, scores, strict=True):
                # beyond both ends as the peer may score, but told as what it is: at the end
                print(json.dumps({**pair, "probability": min(1.0, max(0.0, score))}, ensure_ascii=False), file=stream)
        told[file.name] = {"whole_seconds": whole, "comparing_seconds": again}
    print(json.dumps(told))


def compared(chosen: Any, made: list[tuple[ValueEntity, ValueEntity]], config: Any) -> list[float]:
    return [chosen.compare(one, other, config).score for one, other in made]


if __name__ == "__main__":
    main(*sys.argv[1:])
