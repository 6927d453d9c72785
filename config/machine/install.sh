#!/bin/sh
# Install or upgrade Gavel on Debian 12, or go back to the version before. Safe to run again.
#
# Each version is whole in a folder of its own, and `current` names the one that starts next:
#
#   /opt/gavel/0.2.0-3f2a91c0   a Python environment with every package of the lock
#   /opt/gavel/current          -> 0.2.0-3f2a91c0
#   /opt/gavel/previous         -> the one before, for --back
#
# A channel on air keeps running from its own folder, whatever `current` names, until it is
# restarted. So an upgrade never takes a picture from viewers unless --restart asks for it.
set -eu
umask 022

usage() {
    cat <<'WORDS'
install.sh --server | --host | --both   Install Gavel for this role, or upgrade it.
install.sh --back                       Return to the version before.

  --alerts         Also what alerts by Apprise need (pagers, chats); kept in later upgrades.
  --captions       Also what automatic captions need; kept in later upgrades.
  --dry-run        Say what would be done, and do nothing.
  --restart        After an upgrade, also restart each channel that runs here. A channel with a
                   second machine moves there first; one without is off air for some seconds.
  --with-database  With --back: also put back the copy of the database from before the upgrade.
  --without-copy   Upgrade although the database cannot be copied first.
WORDS
}

role="" extras="" back="" dry="" restart="" with_database="" without_copy=""
# Only tests set it: a folder in place of /, with stand-ins for the system's programs on the path.
root="${GAVEL_INSTALL_ROOT:-}"
while [ $# -gt 0 ]; do
    case "$1" in
        --server | --host | --both) role="${1#--}" ;;
        --alerts | --captions) extras="$extras ${1#--}" ;;
        --back) back=yes ;;
        --dry-run) dry=yes ;;
        --restart) restart=yes ;;
        --with-database) with_database=yes ;;
        --without-copy) without_copy=yes ;;
        --help | -h) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done

here="$(cd "$(dirname "$0")" && pwd)"
# shellcheck source=config/machine/install_database.sh
. "$here/install_database.sh"
# shellcheck source=config/machine/install_channels.sh
. "$here/install_channels.sh"
opt="$root/opt/gavel" etc="$root/etc/gavel" data="$root/var/lib/gavel"
units="$root/etc/systemd/system" bin="$root/usr/local/bin"
settings="$etc/gavel.toml"

say() { echo "$*"; }
fail() { echo "install.sh: $*" >&2; exit 1; }
# Say what is done and why; do it unless this is a dry run.
step() {
    say "- $1"
    shift
    [ -n "$dry" ] || "$@"
}
# In a chroot, as where an image is made, no systemd runs, and units only lie there.
systemd() { [ -z "$root" ] && [ ! -d /run/systemd/system ] || systemctl "$@"; }
as_gavel() { runuser -u gavel -- env GAVEL_CONFIG="$settings" PYTHONSAFEPATH=1 "$@"; }
serves() { [ "$role" != host ]; }
airs() { [ "$role" != server ]; }
named() { basename "$(readlink "$opt/$1" 2>/dev/null || true)"; }

# --- what must hold before anything is changed ---------------------------------------------------

check_machine() {
    [ "$(id -u)" = 0 ] || [ -n "$root" ] || fail "Run it as root."
    # A minimal Debian has no Python yet: it comes with the packages, and is asked again then.
    ! command -v python3 >/dev/null || check_python
}

check_python() {
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "Python 3.11 or later is needed, as Debian 12 has it."
}

find_wheel() {
    set -- "$here"/gavel-*.whl
    [ $# = 1 ] && [ -f "$1" ] || fail "There must be one gavel-*.whl beside install.sh."
    [ -f "$here/requirements.lock" ] || fail "requirements.lock must lie beside install.sh."
    wheel="$1"
    if [ -f "$here/SHA256SUMS" ]; then
        (cd "$here" && sha256sum --quiet --strict -c SHA256SUMS) ||
            fail "The files are not those that were packed. Copy them again."
    fi
    number="$(basename "$wheel" | cut -d- -f2)"
    version="$number-$(sha256sum "$wheel" | cut -c1-8)"
}

# --- the parts of an installation ------------------------------------------------------------------

packages() {
    wanted="python3 python3-venv ca-certificates fonts-dejavu-core chrony"
    if airs; then wanted="$wanted libvlc5 vlc-plugin-base vlc-plugin-video-output"; fi
    # shellcheck disable=SC2086
    sh "$here/packages.sh" $wanted
}

account() {
    useradd --system --home-dir "$data" --no-create-home --shell /usr/sbin/nologin gavel
}

folders() {
    mkdir -p "$opt" "$etc" "$data" "$units" "$bin"
    chown root:gavel "$etc"
    chown gavel:gavel "$data"
    chmod 755 "$opt"
    chmod 750 "$etc" "$data"
}

# Install the packages of one lock, without internet where the release brings their files.
from_lock() {
    set -- "$here/$1"
    if [ -d "$here/wheels" ]; then set -- "$@" --no-index --find-links "$here/wheels"; fi
    "$opt/$version/bin/pip" install -q --disable-pip-version-check --require-hashes -r "$@"
}

# The marker comes last: a folder without it was interrupted and is made again.
environment() {
    rm -rf "${opt:?}/$version"
    python3 -m venv "$opt/$version"
    from_lock requirements.lock
    "$opt/$version/bin/pip" install -q --disable-pip-version-check --no-deps --no-index "$wheel"
    touch "$opt/$version/whole"
}

# Print what was asked for besides, now or in an earlier run.
wanted_extras() {
    { cat "$etc/extras" 2>/dev/null || true; for name in $extras; do echo "$name"; done; } | sort -u
}

add_extras() {
    wanted_extras >"$etc/extras.new"
    mv "$etc/extras.new" "$etc/extras"
    for name in $(cat "$etc/extras"); do from_lock "requirements-$name.lock"; done
    cp "$etc/extras" "$opt/$version/extras"
}

write_settings() {
    {
        echo "# Settings of this machine. install.sh wrote them once and never changes them."
        echo "data_dir = \"$data\""
        if serves; then
            echo 'station = "City Channel Example"'
            echo 'bind = "127.0.0.1:8080"'
            echo 'base_url = "https://tv.example.gov"'
            echo '# It is in every calendar id. Set it once, and never change it:'
            echo '# domain = "tv.example.gov"'
            echo 'trusted_proxies = 1'
        fi
        if airs; then
            if serves; then
                echo 'server_url = "http://127.0.0.1:8080"'
            else
                echo 'server_url = "https://tv.example.gov"'
                echo 'media_is_cache = true'
            fi
            echo "host_key_file = \"$etc/host.key\""
            echo '# [channels.ch13]'
            echo '# format = "1280x720@30000/1001"'
            echo '# outputs = ["udp://239.1.1.1:5013"]'
        fi
    } >"$settings"
    chown root:gavel "$settings"
    chmod 640 "$settings"
}

# `gavel` and `gavel-playout` for root, as the user of the service: never a file that root owns.
commands() {
    for name in gavel gavel-playout; do
        {
            echo '#!/bin/sh'
            echo "set -- env GAVEL_CONFIG=$settings PYTHONSAFEPATH=1 $opt/current/bin/$name \"\$@\""
            echo 'case "$(id -un)" in'
            echo '    gavel) exec "$@" ;;'
            echo '    root) exec runuser -u gavel -- "$@" ;;'
            echo '    *) exec sudo -u gavel "$@" ;;'
            echo 'esac'
        } >"$bin/$name.new"
        chmod 755 "$bin/$name.new"
        mv "$bin/$name.new" "$bin/$name"
    done
}

copy_units() {
    for unit in "$opt/$version"/lib/python3*/site-packages/config/systemd/*.service; do
        cp "$unit" "$units/"
    done
    systemd daemon-reload
}

# One rename: there is no moment without a `current`.
point() {
    ln -sfn "$2" "$opt/$1.new"
    mv -T "$opt/$1.new" "$opt/$1"
}

# --- the two commands --------------------------------------------------------------------------------

install_version() {
    find_wheel
    before="$(named current)" beside=""
    if [ -n "$before" ] && [ "$before" != "$version" ]; then beside=yes; fi
    say "Gavel $version for the role $role${beside:+, beside $before}${dry:+ (nothing is done)}:"
    step "install the Debian packages that are missing" packages
    [ -n "$dry" ] || check_python
    id gavel >/dev/null 2>&1 || step "make the account gavel" account
    step "make the folders $opt, $etc and $data" folders
    [ -f "$opt/$version/whole" ] || step "make $opt/$version from the lock" environment
    if [ "$(wanted_extras)" != "$(cat "$opt/$version/extras" 2>/dev/null)" ]; then
        step "add the packages for $(wanted_extras | tr '\n' ' ')" add_extras
    fi
    [ -f "$settings" ] || step "write $settings, once" write_settings
    step "write the commands gavel and gavel-playout" commands
    if [ -n "$beside" ] && serves; then upgrade_server; fi
    if [ "$before" != "$version" ]; then
        [ -z "$beside" ] || step "remember $before as the version before" point previous "$before"
        step "let $version start from now on" point current "$version"
    fi
    step "write the units of $version" copy_units
    if [ -n "$beside" ] && serves; then
        step "start pages and scheduler" start_server
    fi
    if [ -n "$before" ] && airs; then channels; fi
    look
}

look() {
    [ -z "$dry" ] || return 0
    doctor=gavel
    serves || doctor=gavel-playout
    say "What $doctor doctor says:"
    as_gavel "$opt/$version/bin/$doctor" doctor || say "Fix what is marked FIX, then: $doctor doctor"
    [ -n "$before" ] || say "Next: complete $settings, then start the units, as docs/install.md says."
}

go_back() {
    before="$(named current)" version="$(named previous)"
    [ -n "$version" ] && [ -f "$opt/$version/whole" ] || fail "There is no version before this one."
    role=both
    say "Back from $before to $version${dry:+ (nothing is done)}:"
    serving="$(systemd list-units --plain --no-legend --all gavel-web.service)"
    back_database
    step "let $version start from now on" point current "$version"
    step "remember $before as the version before" point previous "$before"
    step "write the units of $version" copy_units
    [ -z "$serving" ] || step "restart pages and scheduler" start_server
    channels
}

check_machine
if [ -n "$back" ]; then
    go_back
elif [ -n "$role" ]; then
    install_version
else
    usage >&2
    exit 2
fi
