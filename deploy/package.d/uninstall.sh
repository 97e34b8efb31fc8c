#!/bin/sh
# Removes what install.sh installed.
set -eu

usage() {
  cat <<'EOU'
Example:
  sudo /usr/local/lib/berth/current/uninstall.sh
  sudo /usr/local/lib/berth/current/uninstall.sh --purge
  /usr/local/lib/berth/current/uninstall.sh --purge --dry-run

Stops Berth with every container and removes what install.sh installed. Data (/var/lib/berth, or BERTH_DATA_DIR of
/etc/berth/berth.env) and configuration stay, unless --purge.

  --purge      remove data and configuration too
  --dry-run    say what would be done, change nothing
  -h, --help   this text

Exit code: 0 when nothing is left of it, 1 when something is, 2 for wrong usage.
EOU
}

readonly LIB=/usr/local/lib/berth
readonly LIST=$LIB/created
readonly CONFIG=/etc/berth/berth.env
dry=
purge=

main() {
  while [ $# -gt 0 ]; do
    case $1 in
      --purge) purge=yes ;;
      --dry-run) dry=yes ;;
      -h | --help) usage; exit 0 ;;
      *) printf 'uninstall.sh: unknown option %s; see uninstall.sh --help\n' "$1" >&2; exit 2 ;;
    esac
    shift
  done
  if [ ! -e "$LIST" ]; then
    printf 'Berth is not installed below /usr/local.\n'
    exit 0
  fi
  [ -n "$dry" ] || [ "$(id -u)" = 0 ] || die "only root may remove from /usr/local" "sudo $LIB/current/uninstall.sh"
  stop
  remove_files
  printf 'Berth is removed.%s\n' "$([ -n "$purge" ] || printf ' Its data and %s stay.' "$CONFIG")"
}

die() {
  printf 'uninstall.sh: %s\n  fix: %s\n' "$1" "$2" >&2
  exit 1
}

run() {
  if [ -n "$dry" ]; then printf 'would run: %s\n' "$*"; else "$@"; fi
}

stop() {
  if [ -n "$purge" ]; then verb=purge; else verb=end; fi
  run "$LIB/current/libexec/service" "$verb" ||
    die "Berth could not be stopped; nothing was removed" "see above, then run uninstall.sh again"
}

# The newest first: what is in a folder before the folder. A folder with files of others stays.
remove_files() {
  list=$(tac "$LIST")
  for path in $list; do
    case $path in
      "$CONFIG" | /etc/berth | "$LIB" | "$LIST") continue ;;
    esac
    if [ -d "$path" ] && [ ! -h "$path" ]; then
      run rmdir --ignore-fail-on-non-empty "$path"
    else
      run rm -f "$path"
    fi
  done
  run rm -rf "$LIB"
  if [ -n "$purge" ]; then
    run rm -f "$CONFIG"
    [ ! -d /etc/berth ] || run rmdir --ignore-fail-on-non-empty /etc/berth
  fi
  [ ! -d /run/systemd/system ] || run systemctl --quiet daemon-reload
}

main "$@"
