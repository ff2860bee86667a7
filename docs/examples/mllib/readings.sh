#!/bin/sh
# Prints readings of twelve devices as NDJSON, every ten seconds from minute FROM to minute TO of an hour: a temperature on one
# of three levels. That of d7 swings by SWING around its level.
# Usage: ./readings.sh FROM TO SWING
exec awk -v from="$1" -v to="$2" -v swing="$3" 'BEGIN {
  for (s = from * 60; s < to * 60; s += 10)
    for (d = 0; d < 12; d++)
      printf "{\"device\":\"d%d\",\"metric\":\"temperature\",\"value\":%.1f,\"time\":\"2026-11-22T10:%02d:%02dZ\"}\n", d,
        20 + d % 3 + (d * 7 + s / 10 * 3) % 10 / 10 + (d == 7 ? swing * (s % 20 ? -1 : 1) : 0), s / 60, s % 60
}'
