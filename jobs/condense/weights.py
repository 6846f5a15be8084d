"""How much each sign (`signs.py`) speaks for a role, and how roles follow one another.

The columns are offer, responses, reactions, background; units are natural logarithms of odds. The weights are a
maximum-a-posteriori fit (Gaussian prior) of the chain in `roles.py` on labelled English news; the signs are the same in
every language, so they serve all of them.
"""

Row = tuple[float, float, float, float]

WEIGHTS: dict[str, Row] = {
    "always": (0.20, -0.18, -0.15, 0.13),
    "answers": (-0.24, 0.54, -0.07, -0.23),
    "approves": (-0.13, 0.24, 0.11, -0.22),
    "asks": (-0.23, 0.42, -0.00, -0.19),
    "begins_concerned": (0.03, -0.18, -0.08, 0.22),
    "begins_crowd": (-0.21, -0.28, 0.38, 0.11),
    "begins_mover": (0.32, -0.09, -0.19, -0.04),
    "begins_third": (-0.11, -0.06, 0.61, -0.44),
    "continues": (0.07, -0.06, 0.12, -0.13),
    "denies": (-0.16, 0.10, -0.02, 0.07),
    "explains": (-0.08, -0.11, 0.19, 0.01),
    "fresh": (0.13, 0.34, -0.22, -0.25),
    "hedged": (0.10, -0.10, 0.04, -0.04),
    "is_anonymous": (0.11, -0.12, -0.16, 0.18),
    "is_concerned_name": (-0.04, 0.17, -0.23, 0.11),
    "is_concerned_tie": (-0.09, 0.35, -0.10, -0.16),
    "is_group": (0.02, -0.14, -0.01, 0.13),
    "is_mover_name": (0.15, 0.02, -0.02, -0.15),
    "is_mover_tie": (0.48, -0.21, -0.21, -0.06),
    "is_organisation": (-0.07, 0.19, -0.01, -0.11),
    "is_person": (0.21, 0.26, 0.03, -0.49),
    "is_source": (0.12, -0.04, -0.03, -0.04),
    "is_stranger": (-0.22, 0.16, 0.26, -0.20),
    "late": (-0.42, -0.03, -0.07, 0.52),
    "lead_words": (0.36, -0.12, 0.08, -0.32),
    "market": (-0.36, -0.02, 0.20, 0.19),
    "middle": (-0.12, 0.24, 0.00, -0.11),
    "moves": (0.19, -0.13, -0.06, 0.00),
    "narrated": (-0.17, -0.38, -0.21, 0.77),
    "number": (0.34, -0.26, 0.08, -0.16),
    "objects": (-0.29, 0.09, 0.16, 0.03),
    "past": (0.15, -0.34, -0.28, 0.46),
    "place_0": (0.40, -0.07, -0.07, -0.26),
    "place_1": (-0.11, -0.01, 0.12, -0.01),
    "place_2": (0.17, -0.05, 0.04, -0.17),
    "place_3": (0.06, 0.19, -0.10, -0.15),
    "pluperfect": (0.19, -0.07, -0.07, -0.05),
    "question": (-0.06, 0.08, -0.03, 0.01),
    "reported": (-0.03, 0.02, -0.12, 0.13),
    "short": (-0.54, 0.04, 0.02, 0.47),
    "silence": (-0.13, 0.40, -0.06, -0.21),
    "speaks_answers": (-0.06, 0.19, -0.23, 0.09),
    "speaks_behalf": (0.12, 0.10, -0.19, -0.02),
    "speaks_crowd": (0.06, -0.16, 0.28, -0.19),
    "speaks_third": (-0.43, -0.32, 0.78, -0.03),
    "spoke_early": (0.56, -0.23, -0.01, -0.32),
    "spoke_late": (-0.42, 0.12, 0.18, 0.11),
    "starts_leaning": (0.17, 0.08, 0.00, -0.24),
    "starts_openers": (-0.22, -0.15, 0.41, -0.04),
    "terms": (0.38, 0.09, -0.31, -0.16),
    "thinks": (-0.26, -0.07, 0.26, 0.07),
    "undergoes": (0.18, -0.05, -0.04, -0.09),
    "unknown": (0.11, 0.02, 0.21, -0.33),
    "verbatim": (0.40, 0.19, 0.17, -0.76),
    "writer": (-0.32, 0.17, 0.13, 0.02),
    "year": (0.24, -0.28, -0.19, 0.23),
}

# From the role of the row to that of the column.
FOLLOWS: tuple[Row, Row, Row, Row] = (
    (1.29, -0.16, -0.12, -0.09),
    (-0.16, 1.24, -0.22, -0.06),
    (-0.27, -0.04, 1.18, -0.10),
    (-0.20, -0.27, -0.15, 1.32),
)
# The same, into a sentence that goes on with a quotation.
CONTINUED: tuple[Row, Row, Row, Row] = (
    (2.63, -0.04, -0.04, -0.01),
    (-0.05, 2.56, -0.05, -0.02),
    (-0.04, -0.04, 2.66, -0.01),
    (-0.01, -0.01, -0.01, 2.47),
)
