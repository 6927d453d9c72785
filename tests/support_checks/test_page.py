"""The page reader of the web tests, on pages whose meaning is known."""

import pytest
from support.page import read

FORM = """
<h1>Add an <em>airing</em></h1>
<form>
  <input type="hidden" name="csrf_token" value="secret">
  <input type="hidden" name="version" value="3">
  <label for="title">Title</label><input id="title" name="title" value="Parks &amp; trails">
  <label for="notes">Notes</label><textarea id="notes" name="notes">
Ask Kim</textarea>
  <label>Kind <select name="kind">
  <option value="a">One<option selected value="b">Two</select></label>
  <input type="checkbox" name="day" value="mon" checked>
  <input type="checkbox" name="day" value="tue">
  <fieldset><button class="btn btn-primary" data-undo>Save <small>now</small></button></fieldset>
</form>
"""


def test_fields_hold_what_a_browser_would_send() -> None:
    page = read(FORM)

    assert page.field("Title").value == "Parks & trails"
    assert page.fields == {
        "version": "3", "title": "Parks & trails", "notes": "Ask Kim", "kind": "b", "day": "mon",
    }  # fmt: skip
    assert page.sent["day"] == ["mon"]


def test_elements_are_found_by_words_class_and_hook() -> None:
    page = read(FORM.encode())

    assert page.headings == ["Add an airing"]
    assert page.button("Save now") is page.one("button", class_="btn", data_undo=True)
    assert page.button("Delete") is None and page.find("button", data_undo=False) is None


def test_text_leaves_out_scripts_and_the_space_before_a_full_stop() -> None:
    page = read("<p>It <b>airs</b>.<br>Then <script>alert('<b>')</script>stops</p>")

    assert page.text == "It airs. Then stops" and "airs" in page


def test_rows_are_the_cells_of_a_table_without_its_head() -> None:
    page = read(
        "<table><tr><th>Field<th>Was</tr><tr><th>Name</th><td>A</td></tr></table><ul><li>x</li></ul>"
    )

    assert page.rows == [["Name", "A"]] and page.items == ["x"]


def test_asking_for_the_only_element_fails_if_there_are_two() -> None:
    with pytest.raises(AssertionError, match="2 of li"):
        read("<ul><li>a</li><li>b</li></ul>").one("li")
