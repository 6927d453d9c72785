# Channels that run while a version is installed; read by install.sh, which has its names.
# shellcheck shell=sh disable=SC2154

channels_here() {
    systemd list-units --plain --no-legend --state=active 'gavel-playout@*.service' |
        sed -n 's/^gavel-playout@\(.*\)\.service .*/\1/p'
}

# Print what the machine is for a channel: sending, standing by, stopped, or alone without a pair.
part_of() {
    as_gavel "$opt/$before/bin/gavel-playout" status "$1" --json | python3 -c '
import json, sys
try:
    pair = json.load(sys.stdin).get("pair")
except ValueError:
    sys.exit(1)
print(pair["state"] if pair else "alone")'
}

# Whether a channel's process was started from the version that is in force now.
is_new() {
    process="$(systemd show -P MainPID "gavel-playout@$1")"
    grep -qa -- "$opt/$version/bin/" "$root/proc/$process/cmdline" 2>/dev/null
}

# Restart one channel; one that sends and has a second machine moves there first.
restart_channel() {
    part="$(part_of "$1")" || return 1
    if [ "$part" = sending ]; then
        as_gavel "$opt/$before/bin/gavel-playout" move "$1" || return 1
        tries=0
        until [ "$(part_of "$1")" = "standing by" ]; do
            tries=$((tries + 1))
            [ "$tries" -lt "${GAVEL_MOVE_SECONDS:-20}" ] || return 1
            sleep 1
        done
    fi
    systemd restart "gavel-playout@$1"
}

channels() {
    for channel in $(channels_here); do
        if is_new "$channel"; then
            continue
        elif [ -z "$restart" ]; then
            say "  $channel still runs from the version before. When it suits: $0 --$role --restart"
        elif ! step "restart $channel" restart_channel "$channel"; then
            say "  $channel was not restarted: it does not answer, or did not move. It airs on." >&2
        fi
    done
}
