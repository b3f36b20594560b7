"""Leads host names to a port of this machine: `LED_HERE="name,name=port"`. Loaded before the client, which knows
nothing of it: what a private /etc/hosts and a redirected port would do, without being root."""

import os
import socket

NAMES, PORT = os.environ["LED_HERE"].split("=")
resolve = socket.getaddrinfo


def led_here(host, port, *args, **options):
    if host in NAMES.split(","):
        return resolve("127.0.0.1", int(PORT), *args, **options)
    return resolve(host, port, *args, **options)


socket.getaddrinfo = led_here
