"""What a gate can ask, one file each."""

from __future__ import annotations

from solvent.registry.gates.needs import (
    approvals,
    card,
    clean_code,
    contract,
    from_stage,
    input_example,
    metrics,
    monitor,
    no_pickle,
    reproduced,
    signature,
    slices,
    staging_time,
    tests_passed,
)
from solvent.registry.gates.needs.need import Need

NEEDS: dict[str, Need] = {
    module.NEED.key: module.NEED
    for module in (
        from_stage,
        signature,
        input_example,
        no_pickle,
        contract,
        clean_code,
        reproduced,
        metrics,
        slices,
        tests_passed,
        card,
        staging_time,
        monitor,
        approvals,
    )
}
"""By their name in a policy, in the order in which a report lists them."""
