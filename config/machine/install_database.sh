# The server's database in an upgrade and on the way back; read by install.sh, which has its names.
# shellcheck shell=sh disable=SC2154

# Print the SQLite file of the settings in force; nothing where they name another database.
sqlite_file() {
    as_gavel "$opt/$version/bin/python" -c '
from config.settings import load_settings
settings = load_settings()
print("" if settings.database_url else settings.data_dir / "gavel.db")'
}

# Where the database is kept that a version used: beside $file, the database itself.
kept_for() { echo "$(dirname "$file")/before/$1/gavel.db"; }

# Copy an SQLite file while it may be in use: source, target.
copy_sqlite() {
    as_gavel "$opt/$version/bin/python" -c '
import os, sqlite3, sys
source, target = sys.argv[1:]
os.makedirs(os.path.dirname(target), mode=0o700, exist_ok=True)
with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as one:
    with sqlite3.connect(target + ".part") as other:
        one.backup(other)
        if other.execute("PRAGMA quick_check").fetchone() != ("ok",):
            sys.exit(f"The database {source} is damaged.")
os.replace(target + ".part", target)' "$1" "$2"
}

# The numbered step that an SQLite file stands at.
stands_on() {
    as_gavel "$opt/$version/bin/python" -c '
import sqlite3, sys
with sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True) as one:
    print(one.execute("SELECT version_num FROM alembic_version").fetchone()[0])' "$1"
}

# Put a kept copy in the place of the database, which nothing may have open.
put_back() {
    as_gavel rm -f "$1-wal" "$1-shm"
    copy_sqlite "$2" "$1"
}

keep_database() {
    file="$(sqlite_file)"
    if [ -n "$file" ]; then
        [ ! -f "$file" ] || copy_sqlite "$file" "$(kept_for "$before")"
    elif [ -z "$without_copy" ]; then
        as_gavel "$opt/$before/bin/gavel" backup ||
            fail "No backup could be made. Set backup_folder, or give --without-copy."
    fi
}

migrate() { as_gavel "$opt/$version/bin/gavel" db upgrade; }

# Whatever fails from here on, pages and scheduler start again, from what `current` names.
stop_server() {
    trap 'systemd start gavel-web gavel-scheduler' EXIT
    systemd stop gavel-web gavel-scheduler
}

start_server() {
    systemd restart gavel-web gavel-scheduler
    trap - EXIT
}

# A failed upgrade of the database leaves the version before in force, with its own database.
upgrade_server() {
    step "stop pages and scheduler; channels air on" stop_server
    step "copy the database" keep_database
    if ! step "bring the database to the shape of $version" migrate; then
        if [ -n "$file" ]; then put_back "$file" "$(kept_for "$before")"; fi
        fail "The database was not upgraded. $before goes on, with the database as it was."
    fi
}

# Succeed where $version can read the database of the settings, whatever kind it is.
readable() {
    as_gavel "$opt/$version/bin/python" -c '
import sys
from config.settings import load_settings
from scheduler.db import migrate
from scheduler.db.store import Database
sys.exit(migrate.stands_on(Database(load_settings().database)) > migrate.newest())'
}

# Put back the database that the version before used, where the newer one has changed its shape.
back_database() {
    file="$(sqlite_file)"
    if [ -z "$file" ]; then
        readable || fail "The database was changed for $before, and $version cannot read it. Create \
an empty one (createdb gavel_before), name it in database_url of $settings, and fill it from the \
backup that was made before the upgrade: $opt/$version/bin/gavel restore FOLDER --database-only \
--snapshot NAME. Then run this again. What staff entered since the upgrade stays in the newer one."
        return 0
    fi
    kept="$(kept_for "$version")"
    [ -f "$file" ] && [ -f "$kept" ] || return 0
    [ "$(stands_on "$file")" != "$(stands_on "$kept")" ] || return 0
    [ -n "$with_database" ] || fail "The database was changed for $before, and $version cannot read \
it. With --with-database its copy from before the upgrade is put back; what staff entered since is \
kept aside in $(kept_for "$before")."
    step "stop pages and scheduler; channels air on" stop_server
    step "keep the database of $before aside" copy_sqlite "$file" "$(kept_for "$before")"
    step "put back the database of $version" put_back "$file" "$kept"
}
