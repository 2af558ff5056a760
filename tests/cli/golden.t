#!/bin/sh
exec sh "$(dirname "$0")/../golden.sh"
