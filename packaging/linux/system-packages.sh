#!/usr/bin/env bash
# Installs the Debian/Ubuntu packages that Dateline needs, and nothing else.
#   system-packages.sh run     libraries that Qt's wheels expect from the system
#   system-packages.sh test    the above, a virtual display and GDAL's GeoPackage validator
# Does nothing when all are present. Uses sudo when not root.
set -euo pipefail

run_packages=(
  libgl1 libegl1 libxkbcommon-x11-0 libxkbcommon0 libdbus-1-3 libfontconfig1 libfreetype6 libglib2.0-0
  libx11-xcb1 libxcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
  libxcb-render-util0 libxcb-render0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1
  libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1 libsm6 libice6 fontconfig-config
)
test_packages=(xvfb xauth xdotool openbox python3-gdal gdal-bin)
# Asked for through Python itself: this very interpreter's venv module, where the system's Python is used.
python_packages=(python3-venv)

case "${1:-run}" in
  run) wanted=("${run_packages[@]}") ;;
  test) wanted=("${run_packages[@]}" "${test_packages[@]}") ;;
  *) echo "usage: $0 run|test" >&2; exit 2 ;;
esac
"${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || wanted+=("${python_packages[@]}")

if ! command -v dpkg-query >/dev/null; then
  echo "This is not a Debian or Ubuntu system. Install the equivalents of: ${wanted[*]}" >&2
  exit 0
fi

installed() {  # Newer releases carry some libraries under a name ending in t64.
  local name
  for name in "$1" "$1t64"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$name" 2>/dev/null || true)" = installed ] && return 0
  done
  return 1
}
missing=()
for name in "${wanted[@]}"; do installed "$name" || missing+=("$name"); done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "Install these packages as root, then run again: ${missing[*]}" >&2; exit 1; }
  as_root=(sudo)
fi
echo "Installing system packages: ${missing[*]}"
# Another installation may be under way: it is waited for.
"${as_root[@]}" apt-get update -q -o DPkg::Lock::Timeout=300
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -o DPkg::Lock::Timeout=300 -y --no-install-recommends "${missing[@]}"
