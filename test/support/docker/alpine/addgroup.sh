#!/bin/sh
# addgroup -S GROUP
group=$2
! grep -q "^$group:" /etc/group && echo "$group:x:100:" >>/etc/group
