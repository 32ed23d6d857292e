from editor.states import RUNNING, UNDER_WAY, State

SEEDS = [*range(7), -1, -2, -3, -5, -7, -8, -9, -10, -11, -13, -14, -15, -16, -17]


def test_the_numbers_are_the_seeds_own() -> None:
    assert sorted(state.value for state in State) == sorted(SEEDS)


def test_every_state_has_a_word_and_a_sentence() -> None:
    for state in State:
        assert state.word
        assert state.sentence.endswith(".")


def test_one_is_done_below_zero_is_failed_and_all_else_is_under_way() -> None:
    assert State.DONE.is_settled
    assert not State.DONE.is_failed
    assert all(state.is_settled == (state < 0 or state == 1) for state in State)
    assert set(UNDER_WAY) == {state for state in State if not state.is_settled}
    assert State.QUEUED not in RUNNING
    assert all(state.is_running for state in RUNNING)


def test_a_damaged_picture_is_not_worth_another_try() -> None:
    assert not State.NOT_A_PICTURE.retry_helps
    assert State.TOO_SLOW.retry_helps
