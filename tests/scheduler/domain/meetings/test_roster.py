"""Members and agenda items are read from the lines that a clerk pastes."""

import pytest

from scheduler.domain.meetings.roster import (
    MOST_AGENDA_ITEMS,
    MOST_MEMBERS,
    AgendaItem,
    Member,
    agenda_items_problem,
    agenda_text,
    member_problem,
    members_text,
    read_agenda,
    read_members,
)


@pytest.mark.parametrize(
    ("line", "member"),
    [
        ("Ana Ruiz, Chair", Member("Ana Ruiz", "Chair")),
        ("Ana Ruiz", Member("Ana Ruiz")),
        ("  Ana   Ruiz ,  Council Member, Ward 3 ", Member("Ana Ruiz", "Council Member, Ward 3")),
        ("John Smith, Jr., Vice Chair", Member("John Smith, Jr.", "Vice Chair")),
        ("Mei Chen, Ph.D.", Member("Mei Chen, Ph.D.")),
        ("• Ana Ruiz, Chair", Member("Ana Ruiz", "Chair")),
    ],
)
def test_a_line_names_a_member_and_a_role(line: str, member: Member) -> None:
    assert read_members(line) == (member,)


@pytest.mark.parametrize(
    ("line", "item"),
    [
        ("1. Call to order", AgendaItem("Call to order", "1")),
        ("2) Roll call", AgendaItem("Roll call", "2")),
        ("Item 5: Budget", AgendaItem("Budget", "5")),
        ("7.B. Ordinance 12", AgendaItem("Ordinance 12", "7.B")),
        ("7b) Ordinance 12", AgendaItem("Ordinance 12", "7b")),
        ("IV. New business", AgendaItem("New business", "IV")),
        ("a. Minutes of May 5", AgendaItem("Minutes of May 5", "a")),
        ("3\tPublic hearing", AgendaItem("Public hearing", "3")),
        ("- Adjournment", AgendaItem("Adjournment")),
        ("Public comment", AgendaItem("Public comment")),
        ("2027 budget: first reading", AgendaItem("2027 budget: first reading")),
        ("Mayor: state of the city", AgendaItem("Mayor: state of the city")),
        ("civic. center", AgendaItem("civic. center")),
    ],
)
def test_a_line_gives_an_agenda_item_with_its_number_apart(line: str, item: AgendaItem) -> None:
    assert read_agenda(line) == (item,)


def test_empty_lines_are_no_members_and_no_items() -> None:
    assert read_members("\n \nAna Ruiz, Chair\r\n\t\n") == (Member("Ana Ruiz", "Chair"),)
    assert read_agenda("\n\n- \n") == ()


def test_lists_are_written_as_they_are_read() -> None:
    members = (Member("Ana Ruiz", "Chair"), Member("John Smith, Jr.", "Ward 3"), Member("Mei Chen"))
    items = (AgendaItem("Call to order", "1"), AgendaItem("Budget", "7.B"), AgendaItem("Recess"))

    assert read_members(members_text(members)) == members
    assert read_agenda(agenda_text(items)) == items


def test_a_list_that_is_too_long_is_refused_in_a_sentence() -> None:
    assert member_problem((Member("A"),) * MOST_MEMBERS) == ""
    assert "at most" in member_problem((Member("A"),) * (MOST_MEMBERS + 1))
    assert "characters for a name" in member_problem((Member("A" * 61),))
    assert "characters for the role" in member_problem((Member("A", "B" * 81),))
    assert agenda_items_problem((AgendaItem("A"),) * MOST_AGENDA_ITEMS) == ""
    assert "at most" in agenda_items_problem((AgendaItem("A"),) * (MOST_AGENDA_ITEMS + 1))
    assert "characters for an item" in agenda_items_problem((AgendaItem("A" * 161),))
