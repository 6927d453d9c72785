// What every page of the desk loads. No library but htmx and Bootstrap.
import "./requests.js";
import "./clocks.js";
import "./dialogs.js";
import "./drawer.js";
import "./keyboard.js";
import "./forms.js";
import "./graphic-rows.js";
import "./event-rows.js";
import "./typed.js";
import "./pick.js";
