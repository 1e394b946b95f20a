"""Environment variables that change what a program computes, or how fast: a list of names, never all of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from fnmatch import fnmatchcase

from solvent.provenance.redact import is_secret_name, redact_text

SETTING = "SOLVENT_PROVENANCE_VARIABLES"
"""Names and patterns that are kept too, with commas between them."""
MOST = 200
LONGEST = 1_000
_NAMES = """
PYTHONHASHSEED PYTHONOPTIMIZE PYTHONUTF8 PYTHONPATH
OMP_* KMP_* MKL_* OPENBLAS_* BLIS_* NUMEXPR_* VECLIB_* GOTO_NUM_THREADS NUMBA_* POLARS_MAX_THREADS
CUDA_VISIBLE_DEVICES CUDA_LAUNCH_BLOCKING CUBLAS_WORKSPACE_CONFIG NVIDIA_TF32_OVERRIDE ROCR_VISIBLE_DEVICES
HIP_VISIBLE_DEVICES
TF_*DETERMINISTIC* TF_ENABLE_ONEDNN_OPTS TF_FORCE_GPU_ALLOW_GROWTH TORCH_ALLOW_TF32_CUBLAS_OVERRIDE
PYTORCH_CUDA_ALLOC_CONF XLA_FLAGS XLA_PYTHON_CLIENT_* JAX_*
TOKENIZERS_PARALLELISM RANK LOCAL_RANK WORLD_SIZE
TZ LANG LANGUAGE LC_* SOURCE_DATE_EPOCH
"""


def kept_variables(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Names and values, sorted; secret names are left out whatever the setting says, and known secrets masked.

    >>> kept_variables({"OMP_NUM_THREADS": "4", "HOME": "/root", "MKL_TOKEN": "abc"})
    {'OMP_NUM_THREADS': '4'}
    """
    variables = os.environ if environment is None else environment
    patterns = [*_NAMES.split(), *(name.strip() for name in variables.get(SETTING, "").split(",") if name.strip())]
    found = {
        name: redact_text(value)[:LONGEST]
        for name, value in sorted(variables.items())
        if any(fnmatchcase(name, pattern) for pattern in patterns) and not is_secret_name(name) and name != SETTING
    }
    return dict(list(found.items())[:MOST])
