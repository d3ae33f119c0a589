#!/bin/sh
# Fill CQI_DATA_DIR with the demonstration state where it holds nothing.
# The state is made beside it and moved in whole, so that a broken-off run leaves nothing half done.
set -eu
if [ -n "$(ls -A "$CQI_DATA_DIR" 2>/dev/null)" ]; then
    exit 0
fi
part="$CQI_DATA_DIR.part"
rm -rf "$part"
echo "make: making the demonstration state ..."
env -u CQI_DATABASE_URL CQI_DATA_DIR="$part" .venv/bin/cqi demo
if [ -d "$CQI_DATA_DIR" ]; then
    rmdir "$CQI_DATA_DIR"
fi
mv "$part" "$CQI_DATA_DIR"
