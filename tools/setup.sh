#!/bin/sh
# Installs what the project's commands need on Debian 12 or 13, and does nothing when all is there.
#
#   tools/setup.sh [run|test|slow|screens]
#
# run      QGIS >= 3.40 with its Python, rasterio and scipy: enough for `make demo` (the default)
# test     run, and the two virtual environments and translation tools for `make test`
# slow     test, and PostgreSQL with PostGIS for `make test-slow`
# screens  run, and a virtual display, fonts and a browser for `make screenshots`
set -eu

cd "$(dirname "$0")/.."
level=${1:-run}

qgis_packages="qgis python3-qgis"
run_packages="python3-rasterio python3-scipy python3-numpy"
# proj-bin: in a virtual environment pyproj finds PROJ's data by PROJ's programs.
test_packages="python3-venv qttools5-dev-tools proj-bin"
slow_packages="postgresql-postgis"
screen_packages="xvfb xauth fonts-dejavu fonts-noto-cjk chromium procps"

say() { printf 'setup: %s\n' "$*"; }

installed() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'; }

missing_of() {
    for package in "$@"; do
        installed "$package" || printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        say "packages are missing, and installing them needs the administrator. As root, run"
        say "    $PWD/tools/setup.sh $level"
        exit 1
    fi
}

export DEBIAN_FRONTEND=noninteractive

apt_updated=no
apt_install() { # apt_install <target release or -> package...
    target=$1
    shift
    if [ "$apt_updated" = no ]; then
        as_root apt-get -q -o Acquire::Retries=3 update
        apt_updated=yes
    fi
    if [ "$target" = - ]; then
        as_root apt-get -q -y -o Acquire::Retries=3 --no-install-recommends install "$@"
    else
        as_root apt-get -q -y -o Acquire::Retries=3 --no-install-recommends -t "$target" install "$@"
    fi
}

qgis_is_new_enough() {
    version=$(dpkg-query -W -f '${Version}' qgis 2>/dev/null) || return 1
    dpkg --compare-versions "$version" ge 3.40
}

# The backports entry is the machine's own entry of the main archive with another suite, so that
# whatever mirror and key the machine is set up with serve here too.
add_backports() {
    codename=$1
    entry=$(/usr/bin/python3 tools/apt_suite.py "$codename" "$codename-backports") || {
        say "no apt source of $codename found from which to derive $codename-backports"
        exit 1
    }
    [ -n "$entry" ] || return 0
    say "adding the $codename-backports suite"
    printf '%s\n' "$entry" | as_root tee "/etc/apt/sources.list.d/$codename-backports.list" >/dev/null
    apt_updated=no
}

install_qgis() {
    qgis_is_new_enough && [ -z "$(missing_of $qgis_packages)" ] && return 0
    . /etc/os-release
    if [ "${ID:-}" != debian ]; then
        say "this set-up knows Debian 12 and 13; here, install QGIS >= 3.40, python3-rasterio and python3-scipy by hand"
        exit 1
    fi
    if [ "${VERSION_ID:-0}" -ge 13 ]; then
        apt_install - $qgis_packages
    else
        add_backports "$VERSION_CODENAME"
        apt_install "$VERSION_CODENAME-backports" $qgis_packages
    fi
    qgis_is_new_enough || { say "QGIS >= 3.40 could not be installed"; exit 1; }
}

install_packages() {
    wanted=$(missing_of "$@")
    [ -z "$wanted" ] || apt_install - $wanted
}

# A virtual environment holds its own path and its Python's version: it is built anew when one of
# them, or the pins, have changed.
make_venv() { # make_venv <folder> <requirements> [venv option]
    folder=$1
    requirements=$2
    shift 2
    wanted=$(printf '%s\n' "$PWD" && /usr/bin/python3 --version && cat "$requirements")
    [ "$(cat "$folder/.complete" 2>/dev/null)" != "$wanted" ] || return 0
    say "building $folder"
    rm -rf "$folder"
    /usr/bin/python3 -m venv "$@" "$folder"
    "$folder/bin/python" -m pip install -q --disable-pip-version-check --retries 5 -r "$requirements"
    printf '%s\n' "$wanted" >"$folder/.complete"
}

# The tests start a database of their own: the package need not start one for the machine.
without_cluster() {
    settings=/etc/postgresql-common/createcluster.conf
    [ -z "$(missing_of postgresql-common)" ] || [ -e "$settings" ] || {
        as_root mkdir -p "${settings%/*}"
        printf 'create_main_cluster = false\n' | as_root tee "$settings" >/dev/null
    }
}

install_for_tests() {
    install_packages $test_packages
    make_venv .venv requirements/test.txt --system-site-packages
    make_venv .venv-plain requirements/plain.txt
}

install_qgis
install_packages $run_packages
case $level in
run) ;;
test) install_for_tests ;;
slow)
    install_for_tests
    without_cluster
    install_packages $slow_packages
    ;;
screens) install_packages $screen_packages ;;
*)
    say "unknown level '$level': run, test, slow or screens"
    exit 2
    ;;
esac
