#!/bin/sh
# Fetches the packages of known_packages.txt from three Debian releases and unpacks their programs, to measure the rules of
# `components/` on programs that they were not written by:
#
#   crates/sekisho-firmware/tests/known_packages.sh target/known-packages
#   SEKISHO_KNOWN_PACKAGES=$PWD/target/known-packages cargo test -p sekisho-firmware --lib known_packages -- --nocapture
#
# SUITES names other releases. Needs a Debian system with apt-get and dpkg-deb, the network and some 400 MB. Nothing outside of the folder is written to.
set -eu
folder=$(mkdir -p "${1:?usage: known_packages.sh FOLDER}" && cd "$1" && pwd)
list=$(cd "$(dirname "$0")" && pwd)/known_packages.txt
for suite in ${SUITES:-bullseye bookworm trixie}; do
  apt=$folder/apt/$suite
  mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$folder/programs/$suite"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $suite main" >"$apt/sources.list"
  : >"$apt/status"
  options="-q -o Dir::Etc::SourceList=$apt/sources.list -o Dir::Etc::SourceParts=- -o Dir::State::Lists=$apt/lists"
  options="$options -o Dir::State::status=$apt/status -o Dir::Cache=$apt -o APT::Architecture=amd64 -o Acquire::Languages=none"
  options="$options -o APT::Sandbox::User=root"
  # shellcheck disable=SC2086
  apt-get $options update >/dev/null
  # shellcheck disable=SC2086
  known=$(apt-cache $options pkgnames | sort -u)
  cd "$apt/archives"
  for package in $(grep -v '^#' "$list" | cut -d' ' -f1); do
    echo "$known" | grep -qx -- "$package" || continue
    # shellcheck disable=SC2086
    ls "${package}"_*.deb >/dev/null 2>&1 || apt-get $options download "$package" >/dev/null || echo "no $package in $suite"
    for deb in "${package}"_*.deb; do
      [ -e "$deb" ] || continue
      into=$folder/programs/$suite/$package
      [ -e "$into" ] && continue
      mkdir -p "$into.part"
      dpkg-deb -x "$deb" "$into.part"
      dpkg-deb -f "$deb" Version >"$into.version"
      mv "$into.part" "$into"
    done
  done
  cd "$folder"
done
