"""How a request travels: pools, connections, deadlines, proxies, TLS, retries."""
