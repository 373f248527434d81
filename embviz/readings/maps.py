"""Can that map be trusted? → one plain sentence."""

from embviz.projection import TextMap
from embviz.readings.phrases import join, number, quote


def read_map(text_map: TextMap) -> str:
    """Say how far a map can be trusted."""
    random, trust = text_map.random_trustworthiness, text_map.trustworthiness
    continuity = number(text_map.continuity, 2)
    sentence = (
        f"Trustworthiness {number(trust, 2)} and continuity {continuity}, where a perfect map "
        f"has 1.00 and a random layout of {len(text_map.texts)} texts {number(random, 2)} of both. "
    )
    if trust <= random:
        sentence += "This map tells no more than chance about who is near whom."
    else:
        way = 100 * (trust - random) / (1 - random)
        sentence += f"So it comes {way:.0f} % of the way from chance to the truth."
    if text_map.worst:
        worst = join([quote(text_map.texts[i]) for i in text_map.worst])
        sentence += f" Ringed, among neighbours that are not their own: {worst}."
    return sentence
