"""How much does each measure count? Fitted by ``benchmarks/nlu_fit.py``."""

from __future__ import annotations

import numpy as np

RANKING = np.array(
    [
        -0.56,
        3.87,
        2.87,
        4.98,
        7.02,
        1.34,
        1.25,
        1.46,
        -2.86,
        1.36,
        1.6,
        0.98,
        2.05,
        0.85,  # 0.58 fitted: our questions ask for rare matters as often as for usual
        1.31,
    ]
)
"""One weight for each of ``nlu.index.MEASURES``."""
CONFIDENCE = (4.15, 0.77, 0.28, 2.0, 0.48, -0.94, 3.34, 0.11, 0.08, 0.1)
"""One weight for each of ``nlu.evidence.FEATURES``."""
CONFIDENCE_BIAS = -3.68
