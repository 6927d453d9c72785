"""The app that gunicorn loads, with this machine's settings, database and clock."""

from config.clock import SystemClock
from config.logs import set_up_logs_by
from config.settings import load_settings
from scheduler.db.store import Database
from web import create_app

_settings = load_settings()
set_up_logs_by(_settings, process="web")
app = create_app(_settings, Database(_settings.database), SystemClock())
