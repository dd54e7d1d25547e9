#!/bin/sh
# Puts the program and its library under a prefix: install.sh PROGRAM PREFIX
set -eu

program=$1
prefix=$2
install -D -m 755 "$program" "$prefix/bin/duet"
share="$prefix/share/duet"
rm -rf "$share/stdlib" "$share/examples"
mkdir -p "$share"
cp -R stdlib examples "$share/"
echo "duet is in $prefix/bin, its library in $share"
