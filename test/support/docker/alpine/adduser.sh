#!/bin/sh
# adduser -S -G GROUP -h HOME USER
[ "$#" = 6 ] && echo "$6:x:100:100::$5:/sbin/nologin" >>/etc/passwd && mkdir -p "$5" && chown 100:100 "$5"
