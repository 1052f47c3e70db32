#!/bin/sh
# Runs the handler as the watchdog does. Fails with what was answered otherwise than expected.
set -eu
cd "$(dirname "$0")"

# call METHOD PATH BODY
call() {
  printf %s "$3" | REQUEST_METHOD=$1 PATH_INFO=$2 CONTENT_LENGTH=${#3} ./handler.cgi
}

expect() {
  case "$2" in
    *"$1"*) ;;
    *)
      echo "expected: $1"
      echo "answered: $2"
      exit 1
      ;;
  esac
}

expect "Hello, world! You sent a POST to /greet." "$(call POST /greet world)"
expect "Content-Type: text/plain" "$(call POST /greet world)"
expect "Status: 400" "$(call GET / "")"
echo "handler_test.sh: ok"
