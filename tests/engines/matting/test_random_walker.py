"""The random walker: its equations solved, and what it chooses."""

from __future__ import annotations

import numpy as np

from editor.engines.matting.random_walker_kernels import walk

HEIGHT, WIDTH = 7, 9


def solved_densely(
    start: np.ndarray,
    known: np.ndarray,
    across: np.ndarray,
    down: np.ndarray,
    prior: np.ndarray,
    trust: np.ndarray,
) -> np.ndarray:
    """Return the minimum by plain elimination."""
    count = HEIGHT * WIDTH
    system, right = np.zeros((count, count)), (trust * prior).ravel().astype(float)
    system[np.diag_indices(count)] = trust.ravel()
    for row in range(HEIGHT):
        for column in range(WIDTH):
            here = row * WIDTH + column
            for there, bond in ((here + 1, across[row, column]), (here + WIDTH, down[row, column])):
                if bond:
                    system[here, here] += bond
                    system[there, there] += bond
                    system[here, there] -= bond
                    system[there, here] -= bond
    for here in np.flatnonzero(known):
        system[here] = 0
        system[here, here], right[here] = 1, start.ravel()[here]
    return np.linalg.solve(system, right).reshape(HEIGHT, WIDTH)


def test_the_walk_is_the_solution_of_its_equations() -> None:
    rng = np.random.default_rng(5)
    start, prior, across, down = rng.random((4, HEIGHT, WIDTH), np.float32)
    across[:, -1], down[-1] = 0, 0
    trust = rng.random((HEIGHT, WIDTH), np.float32) * 0.1
    # Whole rows known and unknown, and known pixels between unknown ones.
    known = (rng.random((HEIGHT, WIDTH)) < 0.3).astype(np.uint8)
    known[2], known[4] = 1, 0

    made = walk(start, known, across, down, prior, trust, 500, 1e-6)

    np.testing.assert_allclose(made, solved_densely(start, known, across, down, prior, trust), atol=1e-4)
    assert (made[known == 1] == start[known == 1]).all()


def test_where_all_is_known_nothing_moves() -> None:
    start, bonds = np.random.default_rng(5).random((2, HEIGHT, WIDTH), np.float32)
    known = np.ones((HEIGHT, WIDTH), np.uint8)
    assert (walk(start, known, bonds, bonds, start, bonds, 50, 1e-3) == start).all()
