"""Python runs this first in the driver and in every worker: none may reach beyond loopback."""

from guards import NetworkGuard

NetworkGuard().install()
