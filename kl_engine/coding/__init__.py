from kl_engine.coding.arithmetic_coding import ArithmeticCoder
from kl_engine.coding.coding_runs import CodingRun, coding_run, excess_band
from kl_engine.coding.prefix_codes import (
    Code,
    expected_length,
    huffman_code,
    huffman_extremes,
    redundancy,
    shannon_code,
)

__all__ = [
    "ArithmeticCoder",
    "Code",
    "CodingRun",
    "coding_run",
    "excess_band",
    "expected_length",
    "huffman_code",
    "huffman_extremes",
    "redundancy",
    "shannon_code",
]
