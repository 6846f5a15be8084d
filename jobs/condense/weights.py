"""How much each sign (`signs.py`) speaks for a role, and how roles follow one another.

The columns are offer, responses, reactions, background; units are natural logarithms of odds. The weights are a
maximum-a-posteriori fit (Gaussian prior) of the chain in `roles.py` on labelled English news; the signs are the same in
every language, so they serve all of them.
"""

Row = tuple[float, float, float, float]

WEIGHTS: dict[str, Row] = {
    "about_concerned": (-0.20, 0.09, -0.22, 0.34),
    "about_crowd": (-0.37, -0.09, 0.25, 0.20),
    "about_mover": (0.39, -0.15, -0.31, 0.07),
    "about_third": (-0.40, 0.00, 0.67, -0.27),
    "answers": (-0.30, 0.39, -0.05, -0.03),
    "approves": (0.02, 0.13, 0.08, -0.22),
    "asks": (-0.21, 0.37, -0.01, -0.15),
    "by_concerned": (0.09, 0.61, -0.51, -0.20),
    "by_foreign": (-0.63, -0.04, 0.82, -0.15),
    "by_home": (0.18, 0.15, -0.22, -0.11),
    "by_host": (-0.47, 0.73, -0.21, -0.05),
    "by_insider": (0.12, 0.19, -0.13, -0.18),
    "by_mover": (0.74, 0.20, -0.78, -0.16),
    "by_nobody": (-0.04, -0.05, -0.06, 0.15),
    "by_stranger": (-0.17, 0.32, -0.07, -0.08),
    "by_third": (-0.73, -0.36, 1.37, -0.29),
    "central": (0.26, 0.01, -0.23, -0.05),
    "continues": (0.03, -0.07, 0.13, -0.09),
    "denies": (-0.16, 0.01, 0.01, 0.14),
    "explains": (-0.05, -0.17, 0.05, 0.18),
    "fresh": (0.12, 0.23, -0.22, -0.14),
    "hedged": (0.10, -0.01, -0.05, -0.04),
    "kind_anonymous": (0.13, -0.22, -0.09, 0.18),
    "kind_organisation": (-0.03, 0.12, -0.07, -0.03),
    "late_said": (-0.29, 0.03, 0.06, 0.20),
    "late_told": (-0.67, -0.11, -0.02, 0.80),
    "lead_words": (0.55, -0.25, 0.11, -0.41),
    "market": (-0.41, -0.10, 0.37, 0.14),
    "middle_said": (0.07, 0.13, -0.03, -0.17),
    "middle_told": (-0.05, 0.04, 0.03, -0.03),
    "number": (0.37, -0.24, 0.08, -0.21),
    "objects": (-0.19, 0.06, 0.07, 0.06),
    "past": (0.06, -0.43, -0.33, 0.70),
    "place_0": (0.90, -0.28, -0.30, -0.32),
    "place_1": (0.25, -0.14, -0.02, -0.09),
    "place_2": (0.21, 0.03, -0.03, -0.21),
    "pluperfect": (0.09, -0.19, -0.14, 0.24),
    "question": (-0.20, 0.01, -0.03, 0.22),
    "replying": (-0.50, 0.81, -0.06, -0.25),
    "reported": (-0.01, -0.12, -0.17, 0.29),
    "said": (0.19, -0.05, -0.07, -0.07),
    "short": (-0.67, 0.08, 0.01, 0.57),
    "silence": (-0.59, 1.79, -0.59, -0.61),
    "spoke_early": (0.65, -0.38, 0.03, -0.30),
    "spoke_late": (-0.60, 0.12, 0.32, 0.16),
    "starts_leaning": (0.15, 0.02, 0.02, -0.19),
    "starts_openers": (-0.29, -0.15, 0.50, -0.06),
    "terms": (0.31, 0.16, -0.30, -0.17),
    "thinks": (-0.23, -0.09, 0.19, 0.13),
    "told": (0.16, -0.66, -0.35, 0.84),
    "told_answers": (-0.15, 0.51, -0.18, -0.18),
    "told_approves": (-0.30, 0.09, 0.33, -0.12),
    "told_objects": (-0.21, 0.16, 0.24, -0.18),
    "undergoes": (0.15, -0.04, -0.03, -0.07),
    "verb_answers": (-0.46, 0.58, -0.13, 0.01),
    "verb_approves": (-0.43, 0.14, 0.43, -0.14),
    "verb_asks": (0.05, -0.10, -0.04, 0.09),
    "verb_denies": (-0.59, 0.96, -0.23, -0.14),
    "verb_moves": (0.04, -0.31, -0.12, 0.39),
    "verb_objects": (-0.50, 0.30, 0.38, -0.17),
    "verb_thinks": (-0.12, -0.11, 0.06, 0.16),
    "verbatim": (0.27, 0.24, 0.27, -0.78),
    "writer": (-0.34, 0.11, 0.13, 0.11),
    "year": (0.14, -0.30, -0.23, 0.40),
}

# From the role of the row to that of the column.
FOLLOWS: tuple[Row, Row, Row, Row] = (
    (1.31, -0.13, -0.10, -0.13),
    (-0.11, 1.14, -0.18, -0.09),
    (-0.20, -0.07, 1.09, -0.10),
    (-0.07, -0.26, -0.12, 1.22),
)
# The same, into a sentence that goes on with a quotation.
CONTINUED: tuple[Row, Row, Row, Row] = (
    (2.58, -0.04, -0.03, -0.01),
    (-0.04, 2.54, -0.03, -0.01),
    (-0.02, -0.02, 2.63, -0.01),
    (-0.01, -0.01, -0.01, 2.48),
)
