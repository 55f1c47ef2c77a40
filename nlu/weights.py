"""How much does each measure count? Fitted by ``benchmarks/nlu_fit.py``."""

from __future__ import annotations

import numpy as np

RANKING = np.array(
    [
        -0.52,
        3.75,
        2.75,
        5.39,
        5.65,
        1.03,
        1.41,
        2.12,
        -1.88,
        1.19,
        1.63,
        1.01,
        2.22,
        0.85,  # 0.57 fitted: our questions ask for rare matters as often as for usual
        1.21,
    ]
)
"""One weight for each of ``nlu.index.MEASURES``."""
CONFIDENCE = (4.17, 0.59, 0.32, 1.99, 0.67, -1.02, 3.7, 0.13, 0.3, 0.16)
"""One weight for each of ``nlu.evidence.FEATURES``."""
CONFIDENCE_BIAS = -3.96
