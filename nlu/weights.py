"""How much does each measure count? Fitted by ``benchmarks/nlu_fit.py``."""

from __future__ import annotations

import numpy as np

RANKING = np.array(
    [
        -6.08,
        4.77,
        2.56,
        6.44,
        4.73,
        1.57,
        1.05,
        2.53,
        -4.0,
        6.94,
        2.34,
        0.47,
        2.51,
        0.75,
        1.77,
    ]
)
"""One weight for each of ``nlu.index.MEASURES``."""
CONFIDENCE = (3.23, 1.2, -0.07, 1.96, 0.49, -0.2, 2.42, 0.28, 0.18, 0.19)
"""One weight for each of ``nlu.evidence.FEATURES``."""
CONFIDENCE_BIAS = -3.49
