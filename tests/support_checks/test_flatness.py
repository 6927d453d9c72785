"""The judge of a long run must see memory, descriptors and threads that grow, and nothing else."""

from soak.flatness import Look, figures


def looks(grow=lambda number: (0.0, 0, 0), pid=lambda number: 7, count=40):
    made = []
    for number in range(count):
        memory, handles, threads = grow(number)
        # The first look comes while a process still loads.
        base = 40.0 if number else 10.0
        at = 15.0 * number
        made.append(
            Look(at, "deck", pid(number), base + number % 3 + memory, 12 + handles, 5 + threads)
        )
    return made


def missed(made):
    return [one.name for one in figures(made) if not one.good]


def test_a_process_that_wavers_is_flat():
    assert missed(looks()) == []


def test_what_grows_is_found():
    assert missed(looks(lambda n: (0.5 * n, 0, 0))) == ["deck: memory gained"]
    assert missed(looks(lambda n: (0.0, n // 4, 0))) == ["deck: descriptors gained"]
    assert missed(looks(lambda n: (0.0, 0, n // 8))) == ["deck: threads gained"]


def test_a_process_that_began_again_is_found():
    assert missed(looks(pid=lambda n: 7 + n // 20)) == ["deck: starts after the first"]
