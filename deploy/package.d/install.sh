#!/bin/sh
# Installs the Berth that this script was unpacked with, or upgrades to it. Asks no network.
set -eu

usage() {
  cat <<'EOU'
Example:
  sudo ./install.sh
  ./install.sh --dry-run

Installs Berth into /usr/local, with its own Java, systemd units, man page and completion; the configuration is
/etc/berth/berth.env. Run it again with a newer Berth to upgrade: what runs is restarted, its containers keep running.
Nothing is started that did not run before.

  --dry-run    say what would be done, change nothing
  -h, --help   this text

Exit code: 0 when it is installed, 1 when it cannot be, 2 for wrong usage.
EOU
}

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
readonly LIB=/usr/local/lib/berth
readonly BIN=/usr/local/bin/berth
readonly UNITS=/etc/systemd/system
readonly CONFIG=/etc/berth/berth.env
readonly LIST=$LIB/created
dry=

main() {
  while [ $# -gt 0 ]; do
    case $1 in
      --dry-run) dry=yes ;;
      -h | --help) usage; exit 0 ;;
      *) printf 'install.sh: unknown option %s; see ./install.sh --help\n' "$1" >&2; exit 2 ;;
    esac
    shift
  done
  check_host
  check_files
  release=$(cat "$here/VERSION")-$(sha256sum "$here/SHA256SUMS" | cut -c 1-8)
  is_installed || copy_release
  link_files
  [ -e "$CONFIG" ] || put "$here/etc/berth.env" "$CONFIG" 0644
  switch
  remove_older
  farewell
}

die() {
  printf 'install.sh: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '  fix: %s\n' "$@" >&2
  exit 1
}

# --- before anything is changed ---

check_host() {
  [ -n "$dry" ] || [ "$(id -u)" = 0 ] || die "only root may install into /usr/local" "sudo $here/install.sh"
  [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || die "this is a Berth for Linux on x86_64, here is $(uname -s) on $(uname -m)"
  [ -e /lib64/ld-linux-x86-64.so.2 ] || die "this system has no glibc (musl is not supported)"
  [ ! -e /usr/lib/berth/bin/berth ] || die "the Debian package berth is installed" "apt-get remove berth"
  for library in /lib64 /lib /usr/lib64 /usr/lib /lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu; do
    [ ! -e "$library/libnftables.so.1" ] || return 0
  done
  printf 'install.sh: libnftables.so.1 is missing; Berth installs, and starts once it is there: apt-get install nftables\n' >&2
}

check_files() {
  (cd "$here" && sha256sum --check --quiet --strict SHA256SUMS) ||
    die "files differ from SHA256SUMS: the download or the unpacking went wrong" "unpack the archive anew"
}

# The same files need no copy, and what runs from them no restart.
is_installed() {
  [ "$(readlink "$LIB/current" 2> /dev/null)" = "$release" ] &&
    (cd "$LIB/$release" && sha256sum --check --status --strict SHA256SUMS)
}

# --- doing, or saying ---

run() {
  if [ -n "$dry" ]; then printf 'would run: %s\n' "$*"; else "$@"; fi
}

# What did not exist before is written down, for uninstall.sh.
note() {
  [ -n "$dry" ] || grep -qxF "$1" "$LIST" 2> /dev/null || printf '%s\n' "$1" >> "$LIST"
}

make_folder() {
  [ ! -d "$1" ] || return 0
  make_folder "$(dirname "$1")"
  run mkdir -m 0755 "$1"
  note "$1"
}

put() {
  make_folder "$(dirname "$2")"
  run install -m "$3" "$1" "$2"
  note "$2"
}

link() {
  make_folder "$(dirname "$2")"
  run ln -sfn "$1" "$2"
  note "$2"
}

# --- the steps ---

# Times are kept: the JVM's start cache knows its jars by them.
copy_release() {
  [ -n "$dry" ] || mkdir -p "$LIB"
  note "$LIST"
  note "$LIB"
  run rm -rf "$LIB/$release.new"
  run cp -a "$here" "$LIB/$release.new"
  run chown -R 0:0 "$LIB/$release.new"
  # A process may run from an equal one: renamed away, it stays whole until it ends.
  [ ! -e "$LIB/$release" ] || run mv "$LIB/$release" "$LIB/$release.old.$$"
  run mv "$LIB/$release.new" "$LIB/$release"
}

link_files() {
  link "$LIB/current/bin/berth" "$BIN"
  link "$LIB/current/share/man/man1/berth.1.gz" /usr/local/share/man/man1/berth.1.gz
  link "$LIB/current/share/bash-completion/completions/berth" /usr/local/share/bash-completion/completions/berth
  link "$LIB/current/share/zsh/site-functions/_berth" /usr/local/share/zsh/site-functions/_berth
  link "$LIB/current/share/fish/vendor_completions.d/berth.fish" /usr/local/share/fish/vendor_completions.d/berth.fish
  for unit in "$here"/systemd/*.service; do
    put "$unit" "$UNITS/${unit##*/}" 0644
  done
}

# The processes of the older release end, the link changes, and they start again: seconds, in which the containers run on.
switch() {
  [ "$(readlink "$LIB/current" 2> /dev/null)" != "$release" ] || return 0
  [ ! -e "$LIB/current" ] || run "$here/libexec/service" pause
  run ln -sfn "$release" "$LIB/current.new"
  run mv -T "$LIB/current.new" "$LIB/current"
  note "$LIB/current"
  [ ! -d /run/systemd/system ] || run systemctl --quiet daemon-reload
  run "$LIB/current/libexec/service" resume
}

remove_older() {
  for older in "$LIB"/*/; do
    older=${older%/}
    case ${older##*/} in current | "$release" | '*') continue ;; esac
    if used "$older"; then
      printf 'a process still runs from %s: restart it; the next install.sh removes that release\n' "$older"
    else
      run rm -rf "$older"
    fi
  done
}

used() { find /proc/[0-9]*/exe -maxdepth 0 -lname "$1/*" 2> /dev/null | grep -q .; }

farewell() {
  [ -z "$dry" ] || return 0
  printf 'berth %s is installed.\n' "$release"
  if [ -d /run/systemd/system ]; then
    printf '  start it here   systemctl enable --now berth\n'
  else
    printf '  start it here   berth up --detach\n'
  fi
  printf '  configuration   %s\n  remove it       %s/current/uninstall.sh\n' "$CONFIG" "$LIB"
}

main "$@"
