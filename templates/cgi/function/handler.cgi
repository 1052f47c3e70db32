#!/usr/bin/perl
# CGI/1.1 (RFC 3875): the request in variables, the body on stdin; headers, an empty line and the body on stdout.
use strict;
use warnings;

my $method = $ENV{REQUEST_METHOD} // "GET";
my $path   = $ENV{PATH_INFO}      // "/";
my $body   = "";
read(STDIN, $body, $ENV{CONTENT_LENGTH} || 0);

if ($body eq "") {
    print "Status: 400 Bad Request\r\n";
    print "Content-Type: text/plain; charset=utf-8\r\n\r\n";
    print "Whom shall I greet? Send a name.\n";
    exit;
}

print "Content-Type: text/plain; charset=utf-8\r\n\r\n";
print "Hello, $body! You sent a $method to $path.\n";
